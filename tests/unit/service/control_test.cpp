#include <cstdlib>
#include <random>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/service/serving.hpp"

using namespace vestari;
using namespace vestari::service;
using vestari::test::eventually;
using vestari::test::RawClient;
using vestari::test::Serving;

namespace {
// `./dev assure` runs the long figures.
bool in_full() { return std::getenv("VESTARI_ASSURE") != nullptr; }
} // namespace

TEST_CASE("control: a question finds its route, with its parameters and its body") {
    const Serving serving;
    CHECK(serving.get("/v1/status?q=a%20b%26c&x").body == R"({"q":"a b&c"})");
    CHECK(serving.get("/v1/status").status == 200);
    const Response echoed =
        ask(serving.path, {Method::post, "/v1/echo", R"({"account":"main"})"}).value();
    CHECK(echoed.status == 200);
    CHECK(echoed.body == R"({"account":"main"})");
    CHECK(serving.get("/v1/peer").body == std::to_string(::geteuid()));
}

TEST_CASE("control: whatever no route knows is refused and reported") {
    Serving serving;
    struct Row {
        std::string_view line;
    };
    const Row rows[] = {
        {"POST /v1/messages HTTP/1.1"},
        {"POST /v1/send HTTP/1.1"},
        {"POST /v1/groups/1/leave HTTP/1.1"},
        {"DELETE /v1/status HTTP/1.1"},
        {"PUT /v1/status HTTP/1.1"},
        {"PATCH /v1/echo HTTP/1.1"},
        {"GET /v1/echo HTTP/1.1"},
        {"GET / HTTP/1.1"},
        {"GET /v1/status/ HTTP/1.1"},
        {"GET /v1/../v1/status HTTP/1.1"},
        {"OPTIONS * HTTP/1.1"},
        {"TRACE /v1/status HTTP/1.1"},
    };
    int expected = 0;
    for (const Row& row : rows) {
        CAPTURE(row.line);
        RawClient client{serving.path};
        client.say(std::string{row.line} + "\r\nHost: x\r\n\r\n");
        const std::string answer = client.all();
        CHECK(answer.starts_with("HTTP/1.1 403 "));
        CHECK(answer.ends_with(R"({"error":"read_only"})"));
        ++expected;
        CHECK(eventually([&] { return serving.refused == expected; }));
    }
    CHECK(serving.get("/v1/status").status == 200);
}

TEST_CASE("control: what is no request, too large or answered by nobody gets its own status") {
    Serving serving;
    struct Row {
        std::string request;
        std::string_view status;
    };
    const Row rows[] = {
        {"nonsense\r\n\r\n", "HTTP/1.1 400 "},
        {"GET /v1/status HTTP/9.9\r\n\r\n", "HTTP/1.1 400 "},
        {"GET /v1/status HTTP/1.1\r\nX: " + std::string(9000, 'x') + "\r\n\r\n", "HTTP/1.1 413 "},
        {"POST /v1/echo HTTP/1.1\r\nContent-Length: 70000\r\n\r\n", "HTTP/1.1 413 "},
        {"POST /v1/echo HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", "HTTP/1.1 400 "},
        {"GET /v1/throw HTTP/1.1\r\n\r\n", "HTTP/1.1 500 "},
        {"GET /v1/forget HTTP/1.1\r\n\r\n", "HTTP/1.1 500 "},
    };
    for (const Row& row : rows) {
        CAPTURE(row.request);
        RawClient client{serving.path};
        client.say(row.request);
        CHECK(client.all().starts_with(row.status));
    }
    RawClient endless{serving.path};
    endless.say("POST /v1/echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 80; ++i) {
        endless.say("400\r\n" + std::string(1024, 'x') + "\r\n");
    }
    CHECK(endless.all().starts_with("HTTP/1.1 413 "));
    CHECK(serving.failed == 1);
    CHECK(serving.get("/v1/status").status == 200);
}

TEST_CASE("control: a refusal that nobody can write down is a refusal all the same") {
    const Serving serving;
    CHECK(serving.get("/v1/unwritable").status == 403);
    CHECK(eventually([&] { return serving.failed == 1; }));
    CHECK(serving.get("/v1/status").status == 200);
}

TEST_CASE("control: curl's way of asking before a body is answered") {
    const Serving serving;
    RawClient client{serving.path};
    client.say("POST /v1/echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    client.say("ok");
    const std::string answer = client.all();
    CHECK(answer.ends_with("\r\n\r\nok"));
    CHECK(answer.find("200 OK") != std::string::npos);
}

TEST_CASE("control: a request in single bytes is read, and pipelined rubbish is not") {
    const Serving serving;
    RawClient client{serving.path};
    for (const char c : std::string_view{"GET /v1/status?q=1 HTTP/1.1\r\n\r\n"}) {
        client.say({&c, 1});
    }
    client.say("rubbish behind it");
    CHECK(client.all().ends_with(R"({"q":"1"})"));
}

TEST_CASE("control: a hundred slow clients leave the status quick") {
    Serving serving;
    std::vector<std::unique_ptr<RawClient>> slow;
    for (int i = 0; i < 100; ++i) {
        slow.push_back(std::make_unique<RawClient>(serving.path));
        slow.back()->say("GET /v1/sta");
        if (i % 10 == 0) {
            CHECK(serving.get("/v1/status").status == 200);
        }
    }
    const auto before = std::chrono::steady_clock::now();
    CHECK(serving.get("/v1/status").status == 200);
    const auto took = std::chrono::steady_clock::now() - before;
    MESSAGE("status beside 100 slow clients: "
            << std::chrono::duration_cast<std::chrono::microseconds>(took).count() << " us");
}

TEST_CASE("control: who says nothing is told so when the time is over") {
    ControlOptions options;
    options.request_time = std::chrono::milliseconds{30};
    const Serving serving{std::move(options)};
    RawClient client{serving.path};
    client.say("GET /v1/status HT");
    CHECK(client.all().starts_with("HTTP/1.1 408 "));
}

TEST_CASE("control: streams take half of the places and leave the others") {
    Serving serving;
    std::vector<std::unique_ptr<RawClient>> streams;
    for (std::size_t i = 0; i < 8; ++i) {
        streams.push_back(std::make_unique<RawClient>(serving.path));
        streams.back()->say("GET /v1/keep HTTP/1.1\r\n\r\n");
    }
    CHECK(eventually([&] {
        const std::scoped_lock lock{serving.mutex};
        return serving.kept.size() == 8;
    }));
    CHECK(serving.get("/v1/keep").status == 503);
    CHECK(serving.get("/v1/status").status == 200);
    streams.clear();
    CHECK(eventually([&] { return serving.kept[0]->gone() && serving.kept[7]->gone(); }));
    serving.kept.clear();
    CHECK(serving.get("/v1/lines").status == 200);
}

TEST_CASE("control: a stream that nobody fetches is cut off, not kept for ever") {
    Serving serving;
    RawClient deaf{serving.path};
    deaf.say("GET /v1/keep HTTP/1.1\r\n\r\n");
    CHECK(eventually([&] {
        const std::scoped_lock lock{serving.mutex};
        return serving.kept.size() == 1;
    }));
    const std::string line(1000, 'x');
    std::size_t sent = 0;
    while (serving.kept[0]->line(line) && sent < 100'000) {
        ++sent;
    }
    CHECK(sent < 10'000); // the socket's buffer and one mebibyte
    CHECK(eventually([&] { return serving.kept[0]->gone(); }));
    serving.kept.clear();
}

TEST_CASE("control: the socket is for its owner and group, and other users stay outside") {
    const Serving serving;
    struct stat info{};
    REQUIRE(::stat(serving.path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0660);
    if (::geteuid() != 0) {
        return; // only root can be somebody else
    }
    std::filesystem::permissions(serving.folder.path(), std::filesystem::perms::all);
    const auto as_nobody = [&serving] {
        const std::string command = "setpriv --reuid=65534 --regid=65534 --clear-groups "
                                    "curl -s -o /dev/null -w '%{http_code}' --unix-socket " +
                                    serving.path.string() + " http://localhost/v1/status";
        FILE* out = ::popen(command.c_str(), "r");
        char code[16] = {};
        CHECK(std::fread(code, 1, sizeof code - 1, out) > 0);
        ::pclose(out);
        return std::string{code};
    };
    if (std::system("command -v setpriv >/dev/null && command -v curl >/dev/null") == 0) {
        CHECK(as_nobody() == "000"); // by the file's mode
        std::filesystem::permissions(serving.path, std::filesystem::perms::all);
        CHECK(as_nobody() == "403"); // and by who it is
    }
}

TEST_CASE("control: random bytes never stop it") {
    Serving serving;
    std::mt19937_64 random{18};
    const int frames = in_full() ? 10'000 : 500;
    const std::string_view pieces[] = {"GET ",
                                       "POST ",
                                       "/v1/status",
                                       " HTTP/1.1",
                                       "\r\n",
                                       "\r\n\r\n",
                                       "Content-Length: ",
                                       "Transfer-Encoding: chunked",
                                       "0",
                                       "-1",
                                       "ffffffff",
                                       ":",
                                       "%",
                                       "?",
                                       "&",
                                       "="};
    for (int i = 0; i < frames; ++i) {
        RawClient client{serving.path};
        std::string frame;
        const std::size_t parts = random() % 20;
        for (std::size_t part = 0; part < parts; ++part) {
            if (random() % 2 == 0) {
                frame += pieces[random() % std::size(pieces)];
            } else {
                for (std::size_t n = random() % 64; n > 0; --n) {
                    frame += static_cast<char>(random());
                }
            }
        }
        client.say(frame);
        client.stop_writing();
    }
    CHECK(serving.get("/v1/status").status == 200);
}
