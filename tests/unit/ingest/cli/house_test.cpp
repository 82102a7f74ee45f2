// What both daemons say, put together; groups by name; link events and what `link` ends with.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include "ingest/cli/doctor/daemons.hpp"
#include "ingest/cli/frame/failure.hpp"
#include "ingest/cli/live/link_talk.hpp"
#include "ingest/cli/view/groups.hpp"
#include "ingest/cli/view/house.hpp"

using namespace vestari;
using namespace vestari::cli;

namespace {

const std::string from_bridge =
    R"({"program":"vestari-bridge","version":"9.9.9","accounts":[{"name":"main","state":"connected",)"
    R"("why":"connected and reading","code":"logged_in","next":"","since":"2026-03-05T12:00:00Z",)"
    R"("linked":true,"me":{"pn":"15550100001@s.whatsapp.net","lid":"7@lid"},)"
    R"("linked_since":"2026-03-01T08:00:00Z","phone_last_seen":null,)"
    R"("counts":{"seen":9,"dropped":4,"decrypted":4,"undecryptable":1},)"
    R"("groups":[{"jid":"1@g.us","last_message_at":"2026-03-05T11:00:00Z","fresh":true,"usual_interval_s":60},)"
    R"({"jid":"2@g.us","last_message_at":"2026-03-05T11:30:00Z","fresh":false,"usual_interval_s":60}],)"
    R"("spool":{"rows":3,"bytes":999},)"
    R"("warnings":[{"code":"quiet","text":"a group is quiet","cause":"no message","next":"look"}]}]})";
const std::string from_ingest =
    R"({"program":"vestari-ingest","accounts":[{"name":"main","counts":{"messages":4,"deals":2},)"
    R"("groups":[{"jid":"1@g.us","name":"Dealers","included":true,"currency":null}],)"
    R"("outbox":5,"pipe":"connected","warnings":[]},)"
    R"({"name":"shop","counts":{"messages":0,"deals":0},"groups":[],"outbox":0,"pipe":"waiting","warnings":[]}]})";

std::optional<std::vector<PhoneGroup>> phone() {
    return std::vector<PhoneGroup>{
        {"1@g.us", "Dealers", 7}, {"2@g.us", "Twins", 2}, {"3@g.us", "Twins", 3}};
}

} // namespace

TEST_CASE("status: both daemons make one account") {
    const HouseAccount house = put_together("main", from_bridge, from_ingest);
    CHECK(house.state == "connected");
    CHECK(house.linked == true);
    CHECK(house.last_message_at() == "2026-03-05T11:30:00Z");
    CHECK(house.spool == 3);
    CHECK(house.outbox == 5);
    CHECK(house.messages == 4);
    REQUIRE(house.groups.size() == 2);
    CHECK(house.groups[0].name == "Dealers");
    CHECK(house.groups[0].fresh == true);
    CHECK(house.groups[1].jid == "2@g.us");
    CHECK(house.groups[1].fresh == false);
    CHECK(house.warnings.size() == 1);
}

TEST_CASE("status: the JSON has exactly the keys of the design") {
    const std::string json = house_json({put_together("main", from_bridge, from_ingest)});
    const boost::json::value value = boost::json::parse(json);
    const auto& account = value.at("accounts").at(0).as_object();
    std::vector<std::string> keys;
    for (const auto& member : account) {
        keys.emplace_back(member.key());
    }
    CHECK(keys == std::vector<std::string>{"name", "linked", "me", "state", "since",
                                           "last_message_at", "counts", "groups", "spool", "outbox",
                                           "warnings"});
    CHECK(account.at("counts").at("undecryptable").as_int64() == 1);
    CHECK(account.at("counts").at("deals").as_int64() == 2);
    CHECK(account.at("spool").as_int64() == 3);
    CHECK(account.at("groups").at(0).as_object().size() == 5);
    CHECK(account.at("warnings").at(0).as_object().size() == 4);
}

TEST_CASE("status: is sensible whatever runs") {
    struct Row {
        std::optional<std::string> bridge, ingest;
        std::string state, warning;
        bool linked_known;
    };
    const Row rows[] = {
        {std::nullopt, std::nullopt, "offline", "bridge_down", false},
        {std::nullopt, from_ingest, "offline", "bridge_down", false},
        {from_bridge, std::nullopt, "connected", "quiet", true},
        {"no JSON", "[]", "offline", "bridge_down", false},
        {R"({"accounts":[{"name":"main","state":7,"groups":{},"warnings":[1]}]})", "{}", "offline",
         "offline", false},
    };
    for (const Row& row : rows) {
        const HouseAccount house = put_together("main", row.bridge, row.ingest);
        CHECK(house.state == row.state);
        CHECK(house.linked.has_value() == row.linked_known);
        REQUIRE_FALSE(house.warnings.empty());
        CHECK(house.warnings.front().code == row.warning);
        boost::system::error_code wrong;
        static_cast<void>(boost::json::parse(house_json({house}), wrong));
        CHECK_FALSE(wrong);
    }
}

TEST_CASE("status: a state that needs a hand is a warning with the next step") {
    const HouseAccount house = put_together(
        "main",
        R"({"accounts":[{"name":"main","state":"logged_out","why":"the phone removed this device",)"
        R"("code":"failure_401","next":"run vestari link again","since":"2026-03-05T12:00:00Z"}]})",
        from_ingest);
    REQUIRE(house.warnings.size() == 1);
    CHECK(house.warnings.front().code == "failure_401");
    CHECK(house.warnings.front().cause == "the phone removed this device");
    CHECK(house.warnings.front().next == "run vestari link again");
}

TEST_CASE("doctor: a daemon says its version, or does not") {
    CHECK(doctor::version_in(from_bridge) == "9.9.9");
    CHECK(doctor::version_in("{}").empty());
    CHECK(doctor::version_in("<html>").empty());
}

TEST_CASE("groups: by JID, or by a name that only one has") {
    const std::vector<ingest::GroupEntry> listed{{"1@g.us", "Dealers", Currency::of("HKD")},
                                                 {"9@g.us", "Left long ago", std::nullopt}};
    CHECK(find_group("1@g.us", {}, std::nullopt).name.empty());
    CHECK(find_group("1@g.us", {}, phone()).name == "Dealers");
    CHECK(find_group("Dealers", listed, phone()).currency == Currency::of("HKD"));
    CHECK(find_group("Dealers", {}, phone()).jid == "1@g.us");
    CHECK(find_group("Left long ago", listed, phone()).jid == "9@g.us");
}

TEST_CASE("groups: what is not one group is refused, with what would be") {
    struct Row {
        std::string word;
        ExitCode code;
        std::string next;
    };
    const Row rows[] = {
        {"Twins", ExitCode::differs, "2@g.us, 3@g.us"},
        {"twins", ExitCode::differs, "vestari groups"},
        {"a b@g.us", ExitCode::usage, "looks like"},
        {"15550100001@s.whatsapp.net", ExitCode::usage, "@g.us"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.word);
        try {
            find_group(row.word, {}, phone());
            FAIL("it was taken");
        } catch (const Failure& failure) {
            CHECK(failure.code() == row.code);
            CHECK(failure.next().find(row.next) != std::string::npos);
        }
    }
}

TEST_CASE("groups: what the bridge lists is read, as a list or within an object") {
    const std::string list = R"([{"jid":"1@g.us","name":"A","members":3,"included":false}])";
    for (const std::string& json : {list, "{\"groups\":" + list + "}"}) {
        const auto groups = read_phone_groups(json);
        REQUIRE(groups.size() == 1);
        CHECK(groups.front().jid == "1@g.us");
        CHECK(groups.front().members == 3);
    }
    CHECK_THROWS_AS(read_phone_groups("{}"), Failure);
    CHECK_THROWS_AS(read_phone_groups("no JSON"), Failure);
}

TEST_CASE("link: events are read, and each end has its exit code") {
    const LinkEvent qr =
        read_link_event(R"({"type":"qr","text":"2@a,b,c,d","expires":"2026-03-05T12:00:20.500Z"})");
    CHECK(qr.type == LinkEvent::Type::qr);
    CHECK(qr.text == "2@a,b,c,d");
    CHECK(qr.expires.time_since_epoch().count() % 1000 == 500);
    struct Row {
        const char* state;
        ExitCode code;
    };
    const Row rows[] = {
        {"unlinked", ExitCode::try_again},         {"offline", ExitCode::try_again},
        {"outdated", ExitCode::outdated},          {"refused", ExitCode::logged_out},
        {"banned", ExitCode::logged_out},          {"logged_out", ExitCode::logged_out},
        {"replaced", ExitCode::logged_out},        {"passkey_wanted", ExitCode::logged_out},
        {"waiting_for_keys", ExitCode::try_again},
    };
    for (const Row& row : rows) {
        CAPTURE(row.state);
        LinkEvent failed;
        failed.type = LinkEvent::Type::failed;
        failed.state = row.state;
        CHECK(exit_code_of(failed) == row.code);
        CHECK_FALSE(why_of(failed).empty());
    }
    CHECK(read_link_event("no JSON").type == LinkEvent::Type::other);
    CHECK(read_link_event(R"({"type":7})").type == LinkEvent::Type::other);
}
