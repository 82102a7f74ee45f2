#include "vestari/bridge/replay.hpp"

#include <cstdio>
#include <set>
#include <thread>

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "bridge/replay/pipe.hpp"
#include "tests/support/temporary_folder.hpp"
#include "vestari/event/codec.hpp"

using namespace vestari;

namespace {

namespace json = boost::json;

struct Replayed {
    std::optional<replay::Failure> failure;
    std::vector<event::Envelope> envelopes;
    event::Summary summary;
};

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

Replayed frames_of(const std::filesystem::path& path) {
    Replayed result;
    const std::string written = read_file(path);
    event::FrameReader reader;
    for (BytesView rest = as_bytes(written); !rest.empty();) {
        const BytesView part = rest.first(std::min<std::size_t>(rest.size(), 4096));
        rest = rest.subspan(part.size());
        reader.feed(part);
        while (auto frame = reader.next().value()) {
            if (auto* envelope = std::get_if<event::Envelope>(&*frame)) {
                result.envelopes.push_back(std::move(*envelope));
            } else if (auto* summary = std::get_if<event::Summary>(&*frame)) {
                result.summary = *summary;
            }
        }
    }
    return result;
}

// Plays a fixture as `vestari-replay FIXTURE` does.
Replayed play(const std::filesystem::path& fixture, const test::TemporaryFolder& folder) {
    replay::Options options;
    options.fixture = fixture;
    const std::filesystem::path out = folder.path() / "frames";
    const int fd = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    std::optional<replay::Failure> failure = replay::run(options, -1, fd);
    ::close(fd);
    Replayed result = frames_of(out);
    result.failure = std::move(failure);
    return result;
}

enum class Ingest { acknowledges, falls_silent };

// The other end of the pipe: hands over the keys, reads to the summary, answers or hangs up.
Replayed ingest(int from_bridge, int to_bridge, const event::Keys& keys, Ingest manner) {
    Replayed result;
    const Bytes hello = event::encode(event::Frame{keys});
    REQUIRE(::write(to_bridge, hello.data(), hello.size()) == static_cast<ssize_t>(hello.size()));
    event::FrameReader reader;
    std::array<std::byte, 4096> block{};
    for (bool over = false; !over;) {
        const ssize_t got = ::read(from_bridge, block.data(), block.size());
        if (got <= 0) {
            break;
        }
        reader.feed(BytesView{block}.first(static_cast<std::size_t>(got)));
        while (auto frame = reader.next().value()) {
            if (auto* envelope = std::get_if<event::Envelope>(&*frame)) {
                result.envelopes.push_back(std::move(*envelope));
            } else if (auto* summary = std::get_if<event::Summary>(&*frame)) {
                result.summary = *summary;
                over = true;
            }
        }
    }
    if (manner == Ingest::acknowledges && !result.envelopes.empty()) {
        const Bytes ack = event::encode(event::Frame{event::Ack{result.envelopes.back().sequence}});
        REQUIRE(::write(to_bridge, ack.data(), ack.size()) == static_cast<ssize_t>(ack.size()));
    }
    return result;
}

Replayed play(const std::filesystem::path& fixture, const test::TemporaryFolder& folder,
              const event::Keys& keys, Ingest manner) {
    replay::Options options;
    options.fixture = fixture;
    options.sessions = folder.path();
    options.pipe = true;
    std::array<int, 2> to_bridge{};
    std::array<int, 2> to_ingest{};
    REQUIRE(::pipe(to_bridge.data()) == 0);
    REQUIRE(::pipe(to_ingest.data()) == 0);
    std::optional<replay::Failure> failure;
    std::thread bridge{[&] {
        failure = replay::run(options, to_bridge[0], to_ingest[1]);
        ::close(to_ingest[1]);
    }};
    Replayed result = ingest(to_ingest[0], to_bridge[1], keys, manner);
    ::close(to_bridge[1]);
    bridge.join();
    ::close(to_bridge[0]);
    ::close(to_ingest[0]);
    result.failure = std::move(failure);
    return result;
}

using Learnt =
    std::tuple<std::string, std::string, std::string, std::string>; // chat, id, kind, target

Learnt learnt(const json::object& from) {
    const json::value& target = from.at("target");
    return {from.at("chat").as_string().c_str(), from.at("id").as_string().c_str(),
            from.at("kind").as_string().c_str(),
            target.is_string() ? target.as_string().c_str() : ""};
}

} // namespace

TEST_CASE("replay: each bundled day gives exactly the messages, drops and failures that are "
          "expected of it") {
    for (const std::string_view day : {"day-1", "day-2", "content-1"}) {
        CAPTURE(day);
        const auto fixture = std::filesystem::path{VESTARI_TEST_DATA} / "fixtures" / day;
        const test::TemporaryFolder folder;
        const Replayed replayed = play(fixture / "fixture.jsonl", folder);
        REQUIRE_FALSE(replayed.failure);

        const json::value expected = json::parse(read_file(fixture / "expected.json"));
        const event::Counts& counts = replayed.summary.counts;
        CHECK(counts.stanzas == expected.at("stanzas").as_int64());
        CHECK(counts.dropped == expected.at("dropped").as_int64());
        CHECK(counts.decrypted == expected.at("decrypted").as_int64());
        CHECK(counts.failed == expected.at("failed").as_int64());
        CHECK(counts.duplicates == expected.at("duplicates").as_int64());
        CHECK(counts.other == expected.at("other").as_int64());

        std::set<Learnt> got;
        std::map<std::string, std::string> texts;
        for (const event::Envelope& envelope : replayed.envelopes) {
            if (envelope.kind != event::Kind::gap && envelope.kind != event::Kind::group) {
                got.emplace(envelope.chat, envelope.id, event::to_string(envelope.kind),
                            envelope.target);
                texts[envelope.chat + envelope.id] = envelope.text;
            }
        }
        for (const json::value& message : expected.at("messages").as_array()) {
            const Learnt want = learnt(message.as_object());
            CAPTURE(std::get<1>(want));
            CAPTURE(message.at("category").as_string().c_str());
            CHECK(got.erase(want) == 1);
            if (message.at("text").is_string()) {
                CHECK(texts[std::get<0>(want) + std::get<1>(want)] ==
                      message.at("text").as_string().c_str());
            }
        }
        for (const json::value& message : expected.at("optional").as_array()) {
            got.erase(learnt(message.as_object()));
        }
        for (const Learnt& surplus : got) {
            FAIL_CHECK("not expected: ", std::get<1>(surplus), " ", std::get<2>(surplus));
        }
    }
}

TEST_CASE("replay: what was never acknowledged comes again, and nothing is read twice") {
    const test::TemporaryFolder folder;
    const auto fixture = std::filesystem::path{VESTARI_TEST_DATA} / "fixtures/day-2/fixture.jsonl";
    event::Keys keys;
    keys.account = "main";
    keys.session_key = Bytes(32, std::byte{1});
    keys.index_key = Bytes(32, std::byte{2});
    const Replayed first = play(fixture, folder, keys, Ingest::falls_silent);
    const Replayed again = play(fixture, folder, keys, Ingest::acknowledges);
    CHECK(first.failure.value().exit_code == ExitCode::try_again);
    CHECK_FALSE(again.failure);
    CHECK(again.envelopes == first.envelopes);
    CHECK(again.summary.counts.decrypted == 0);
    const event::Counts &before = first.summary.counts, &after = again.summary.counts;
    CHECK(after.duplicates >= before.decrypted + before.duplicates);
    CHECK(after.duplicates + after.failed == before.decrypted + before.duplicates + before.failed);
    const Replayed last = play(fixture, folder, keys, Ingest::acknowledges);
    CHECK(last.envelopes.empty());
}

TEST_CASE("replay: a day of months is known again at its end, however old its start") {
    const test::TemporaryFolder folder;
    const auto line = [](std::int64_t day, char id) {
        return fmt::format(R"({{"at":{},"content":{{"chat":"9@g.us","sender":"1@lid",)"
                           R"("id":"{}","message":"0a0141"}}}})"
                           "\n",
                           day * 86'400'000, id);
    };
    const std::string header = R"({"vestari_capture":1,"include":["9@g.us"]})";
    const auto fixture =
        folder.write("f.jsonl", header + "\n" + line(20'000, 'A') + line(20'200, 'B'));
    event::Keys keys;
    keys.account = "main";
    keys.session_key = Bytes(32, std::byte{1});
    keys.index_key = Bytes(32, std::byte{2});
    CHECK(play(fixture, folder, keys, Ingest::acknowledges).summary.counts.decrypted == 2);
    CHECK(play(fixture, folder, keys, Ingest::acknowledges).summary.counts.duplicates == 2);
}

TEST_CASE(
    "replay: a broken line ends it with its number, and what stood before is kept and counted") {
    const auto day = std::filesystem::path{VESTARI_TEST_DATA} / "fixtures/content-1/fixture.jsonl";
    const std::string whole = read_file(day);
    std::size_t cut = 0;
    for (int line = 0; line < 11; ++line) {
        cut = whole.find('\n', cut) + 1;
    }
    const test::TemporaryFolder folder;
    const Replayed replayed = play(folder.write("cut.jsonl", whole.substr(0, cut + 40)), folder);
    REQUIRE(replayed.failure);
    CHECK(replayed.failure->exit_code == ExitCode::bad_data);
    CHECK(replayed.failure->what.find("cut.jsonl:12: ") != std::string::npos);
    CHECK(replayed.summary.counts.stanzas == 10);
    CHECK(replayed.envelopes.size() > 5);
}

TEST_CASE("replay: a chat that is no group cannot be included") {
    const test::TemporaryFolder folder;
    const auto fixture =
        folder.write("f.jsonl", R"({"vestari_capture":1,"include":["15550100001@s.whatsapp.net"]})"
                                "\n");
    const Replayed replayed = play(fixture, folder);
    REQUIRE(replayed.failure);
    CHECK(replayed.failure->exit_code == ExitCode::usage);
}
