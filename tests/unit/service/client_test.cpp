#include "tests/unit/service/serving.hpp"

using namespace vestari;
using namespace vestari::service;
using vestari::test::Serving;

TEST_CASE("client: lines of a stream arrive one by one, and can be stopped") {
    const Serving serving;
    std::vector<std::string> lines;
    const auto all = [&lines](std::string_view line) {
        lines.emplace_back(line);
        return Go::on;
    };
    CHECK(follow(serving.path, {Method::get, "/v1/lines", {}}, all)->status == 200);
    CHECK(lines == std::vector<std::string>{R"({"n":1})", R"({"n":2})"});
    lines.clear();
    const auto first = [&lines](std::string_view line) {
        lines.emplace_back(line);
        return Go::stop;
    };
    CHECK(follow(serving.path, {Method::get, "/v1/keep", {}}, first)->status == 200);
    CHECK(lines == std::vector<std::string>{"{}"});
}

TEST_CASE("client: a refusal is a status with its body, not lines") {
    const Serving serving;
    const Result<Response> refused =
        follow(serving.path, {Method::post, "/v1/send", "{}"}, [](std::string_view) -> Go {
            FAIL("no line belongs here");
            return Go::stop;
        });
    CHECK(refused->status == 403);
    CHECK(refused->body == R"({"error":"read_only"})");
}

TEST_CASE("client: nobody there, silence and rubbish are told apart") {
    const test::TemporaryFolder folder;
    CHECK(ask(folder.path() / "none.sock", {}).error() == SocketErrc::nobody_listens);
    CHECK(ask(std::string(200, 'x'), {}).error() == SocketErrc::path_too_long);
    const auto listener = UnixListener::open({.path = folder.path() / "deaf.sock"});
    REQUIRE(listener.has_value());
    CHECK(ask(folder.path() / "deaf.sock", {Method::get, "/v1/status", {}},
              std::chrono::milliseconds{20})
              .error() == ClientErrc::timed_out);
    std::thread rude{[&listener] {
        Descriptor first;
        while (!first) {
            first = listener->accept();
        }
        first.close(); // the one that timed out
        for (int i = 0; i < 2; ++i) {
            Descriptor next;
            while (!next) {
                next = listener->accept();
            }
            if (i == 0) {
                ::send(next.get(), "SSH-2.0-x\r\n", 11, MSG_NOSIGNAL);
            }
            pollfd polled{next.get(), POLLIN, 0};
            ::poll(&polled, 1, 10'000);
        }
    }};
    CHECK(ask(folder.path() / "deaf.sock", {Method::get, "/", {}}).error() == ClientErrc::not_http);
    CHECK(ask(folder.path() / "deaf.sock", {Method::get, "/", {}}).error() == ClientErrc::cut_off);
    rude.join();
}

TEST_CASE("client: a value for a query is encoded whole") {
    CHECK(encoded("a b/ü&=?") == "a%20b%2F%C3%BC%26%3D%3F");
}
