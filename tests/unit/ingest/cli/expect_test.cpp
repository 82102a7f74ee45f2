#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "ingest/cli/frame/failure.hpp"
#include "ingest/cli/replay/expect.hpp"

using namespace vestari;
using namespace vestari::cli;
using namespace vestari::cli::replay;

namespace {

event::Envelope envelope(const char* id, event::Kind kind, const char* target = "") {
    event::Envelope made;
    made.chat = "1@g.us";
    made.id = id;
    made.kind = kind;
    made.target = target;
    made.sender.lid = "7@lid";
    return made;
}

Transcript sample() {
    Transcript transcript{Transcript::Keep::json};
    const auto as = [](ingest::Outcome outcome) {
        ingest::Accepted accepted;
        accepted.outcome = outcome;
        return accepted;
    };
    transcript.add(envelope("A", event::Kind::text), as(ingest::Outcome::chatter));
    transcript.add(envelope("B", event::Kind::edit, "A"), as(ingest::Outcome::edited));
    transcript.add(envelope("C", event::Kind::image), as(ingest::Outcome::chatter));
    transcript.add(envelope("G", event::Kind::gap), as(ingest::Outcome::gap));
    transcript.add(envelope("N", event::Kind::group), as(ingest::Outcome::service));
    transcript.add(envelope("F", event::Kind::revoke, "A"), as(ingest::Outcome::flagged));
    transcript.add(envelope("A", event::Kind::text), as(ingest::Outcome::duplicate));
    event::Summary summary;
    summary.counts = {10, 4, 3, 1, 1, 1};
    summary.dropped_by_reason = {{"not_included", 4}};
    transcript.add(summary);
    return transcript;
}

const std::string right =
    R"({"stanzas":10,"dropped":4,"decrypted":3,"failed":1,"duplicates":1,"other":1,
 "messages":[{"chat":"1@g.us","id":"A","kind":"text","target":null},{"chat":"1@g.us","id":"B","kind":"edit","target":"A"}],
 "optional":[{"chat":"1@g.us","id":"C","kind":"image","target":null},{"chat":"1@g.us","id":"D","kind":"image"}],
 "silent":[{"chat":"1@g.us","id":"F","why":"forged-revoke"}],
 "how":{"ignored":true},"messages_min":2})";

std::string with(std::string from, std::string to) {
    std::string text = right;
    return text.replace(text.find(from), from.size(), to);
}

std::vector<std::string> compare(const std::string& text) {
    return differences(parse_expectation(text, "expected.json"), sample());
}

} // namespace

TEST_CASE(
    "expect: counts and messages as expected, optional ones missing or there, other keys ignored") {
    CHECK(compare(right).empty());
}

TEST_CASE("expect: a replay agrees with its own JSON") {
    CHECK(compare(sample().to_json()).empty());
}

TEST_CASE("expect: each difference is one line that names what it is about") {
    struct Row {
        const char* from;
        const char* to;
        const char* line;
    };
    const Row rows[] = {
        {"\"dropped\":4", "\"dropped\":5", "dropped: 5 expected, 4 seen"},
        {"\"other\":1", "\"other\":0", "other: 0 expected, 1 seen"},
        {"\"id\":\"A\",\"kind\":\"text\"", "\"id\":\"A\",\"kind\":\"image\"",
         "kind of A in 1@g.us: image expected, text seen"},
        {"\"target\":\"A\"", "\"target\":\"Z\"", "target of B in 1@g.us: Z expected, A seen"},
        {"\"kind\":\"edit\",\"target\":\"A\"", "\"kind\":\"edit\",\"target\":null",
         "target of B in 1@g.us: none expected, A seen"},
        {"\"id\":\"D\",\"kind\":\"image\"}]", "\"id\":\"D\",\"kind\":\"image\"}],\"x\":[]", ""},
        {"\"id\":\"F\"", "\"id\":\"A\"", "should have no effect: text A in 1@g.us (forged-revoke)"},
        {"{\"chat\":\"1@g.us\",\"id\":\"C\",\"kind\":\"image\",\"target\":null},", "",
         "not expected: image C in 1@g.us"},
        {"\"messages\":[", "\"messages\":[{\"chat\":\"1@g.us\",\"id\":\"M\",\"kind\":\"text\"},",
         "missing: text M in 1@g.us"},
        {"\"id\":\"C\",\"kind\":\"image\"", "\"id\":\"C\",\"kind\":\"video\"",
         "kind of C in 1@g.us: video expected, image seen"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.from);
        const auto lines = compare(with(row.from, row.to));
        if (*row.line == '\0') {
            CHECK(lines.empty());
        } else {
            REQUIRE(lines.size() == 1);
            CHECK(lines[0] == row.line);
        }
    }
}

TEST_CASE("expect: what must be silent is looked for without a list of messages, too") {
    CHECK(compare(R"({"silent":[{"chat":"1@g.us","id":"F"}]})").empty());
    const auto lines = compare(R"({"stanzas":10,"silent":[{"chat":"1@g.us","id":"A"}]})");
    CHECK(std::ranges::find(lines, "should have no effect: text A in 1@g.us") != lines.end());
}

TEST_CASE("expect: a file that is no expectation is bad data and says why") {
    for (const char* text :
         {"", "{", "[]", "{}", R"({"stanzas":"5"})", R"({"stanzas":-1})", R"({"messages":5})",
          R"({"messages":[5]})", R"({"messages":[{"id":"A"}]})",
          R"({"messages":[{"chat":"1","id":5}]})", R"({"stanzas":1,"silent":[{}]})"}) {
        CAPTURE(text);
        try {
            parse_expectation(text, "expected.json");
            FAIL("no failure");
        } catch (const Failure& failure) {
            CHECK(failure.code() == ExitCode::bad_data);
            CHECK(failure.problem().starts_with("expected.json: "));
        }
    }
    CHECK_THROWS_AS(load_expectation("/nowhere/expected.json"), Failure);
}

TEST_CASE("transcript: gaps, group changes, what was known and what was forged are no messages") {
    const Transcript transcript = sample();
    CHECK(transcript.messages().size() == 3);
    CHECK(transcript.refused() == 1);
    CHECK(transcript.to_json().find("\"kind\":\"edit\",\"target\":\"A\",\"deals\":0") !=
          std::string::npos);
}
