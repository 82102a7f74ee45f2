#include "bridge/replay/fixture.hpp"

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.hpp"

using namespace vestari;
using namespace vestari::replay;

namespace {

constexpr std::string_view header =
    R"({"vestari_capture":1,"me":{"pn":"1:5@s.whatsapp.net"},"include":["9@g.us"]})"
    "\n";

} // namespace

TEST_CASE("fixture: the bundled days open, with device keys where stanzas are encrypted") {
    const std::filesystem::path fixtures = std::filesystem::path{VESTARI_TEST_DATA} / "fixtures";
    struct Row {
        std::string_view day;
        std::size_t included;
        bool device;
        std::size_t events;
    };
    for (const Row& row : {Row{"day-1", 22, true, 731}, Row{"day-2", 3, true, 311},
                           Row{"content-1", 3, false, 119}}) {
        CAPTURE(row.day);
        FixtureReader reader = FixtureReader::open(fixtures / row.day / "fixture.jsonl").value();
        CHECK(reader.header().include.size() == row.included);
        CHECK(reader.header().device.has_value() == row.device);
        std::size_t events = 0;
        while (reader.next().value()) {
            ++events;
        }
        CHECK(events == row.events);
    }
}

TEST_CASE("fixture: a first line that is no header is refused by name") {
    struct Row {
        std::string_view text;
        FixtureErrc want;
    };
    const Row rows[] = {
        {"", FixtureErrc::empty},
        {"hello\n", FixtureErrc::not_a_fixture},
        {"[1]\n", FixtureErrc::not_a_fixture},
        {"{}\n", FixtureErrc::not_a_fixture},
        {"{\"vestari_capture\":2}\n", FixtureErrc::unknown_version},
        {"{\"vestari_capture\":1,\"me\":{\"pn\":\"a@b@c\"}}\n", FixtureErrc::bad_header},
        {"{\"vestari_capture\":1,\"groups\":[{\"name\":\"x\"}]}\n", FixtureErrc::bad_header},
        {"{\"vestari_capture\":1,\"groups\":[{\"jid\":\"1@g.us\",\"currency\":\"XXX\"}]}\n",
         FixtureErrc::bad_header},
        {"{\"vestari_capture\":1,\"include\":[1]}\n", FixtureErrc::bad_header},
        {"{\"vestari_capture\":1,\"device\":{}}\n", FixtureErrc::bad_header},
        {"{\"vestari_capture\":1,\"device\":{\"registration_id\":1,\"identity\":{\"public\":\"05\","
         "\"private\":\"zz\"},"
         "\"signed_pre_key\":{}}}\n",
         FixtureErrc::bad_key},
        {"{\"vestari_capture\":1", FixtureErrc::not_a_fixture},
    };
    const test::TemporaryFolder folder;
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(FixtureReader::open(folder.write("f.jsonl", row.text)).error() == row.want);
    }
    CHECK(FixtureReader::open("/nowhere/at/all").error() == FixtureErrc::cannot_open);
}

TEST_CASE("fixture: a broken line is an error with its number, and what stood before it is kept") {
    struct Row {
        std::string_view line;
        FixtureErrc want;
    };
    const Row rows[] = {
        {"{broken}\n", FixtureErrc::not_json},
        {"{\"in\":\"00\"}\n", FixtureErrc::bad_event},         // no time
        {"{\"at\":1,\"in\":\"0\"}\n", FixtureErrc::bad_event}, // half a byte
        {"{\"at\":1,\"in\":5}\n", FixtureErrc::bad_event},
        {"{\"at\":-1,\"in\":\"00\"}\n", FixtureErrc::bad_event},              // before the epoch
        {"{\"at\":253402300800000,\"in\":\"00\"}\n", FixtureErrc::bad_event}, // the year 10000
        {"{\"at\":1,\"content\":{\"chat\":\"9@g.us\"}}\n", FixtureErrc::bad_event},
        {"{\"at\":1,\"in\":\"00", FixtureErrc::truncated},
        {std::string_view{"{\"at\":1,\"in\":\"\0\"}\n", 18}, FixtureErrc::not_json},
    };
    const test::TemporaryFolder folder;
    for (const Row& row : rows) {
        CAPTURE(row.line);
        const std::string text =
            std::string{header} + "{\"at\":1,\"in\":\"00ff\"}\n\n" + std::string{row.line};
        FixtureReader reader = FixtureReader::open(folder.write("f.jsonl", text)).value();
        const auto first = reader.next().value();
        REQUIRE(first);
        CHECK(std::get<StanzaEvent>(*first).frame == from_hex("00ff").value());
        CHECK(reader.next().error() == row.want);
        CHECK(reader.line() == 4);
    }
}

TEST_CASE("fixture: lines of a newer program are passed over, a last line without its end is read "
          "when whole") {
    const test::TemporaryFolder folder;
    const std::string text = std::string{header} + "{\"mark\":\"noon\"}\n{\"at\":7,\"in\":\"00\"}";
    FixtureReader reader = FixtureReader::open(folder.write("f.jsonl", text)).value();
    CHECK(std::holds_alternative<UnknownEvent>(reader.next().value().value()));
    CHECK(std::get<StanzaEvent>(reader.next().value().value()).at.time_since_epoch().count() == 7);
    CHECK_FALSE(reader.next().value());
}
