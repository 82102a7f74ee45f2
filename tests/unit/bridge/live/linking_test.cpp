// Linking against a script: codes that run out, offers that are wrong, answers that are not vouched for, people who give up.
#include <doctest/doctest.h>

#include "bridge/link/link_error.hpp"
#include "tests/unit/bridge/live/server.hpp"

namespace vestari::test {

namespace {

using live::State;

Jid server_jid() { return Jid::parse("s.whatsapp.net").value(); }

wire::OutNode pair_device(std::size_t refs, const std::string& word = "ref") {
    std::vector<wire::OutNode> children;
    for (std::size_t i = 0; i < refs; ++i) {
        children.push_back(with_bytes("ref", as_bytes(word + std::to_string(i))));
    }
    return node("iq", {{"from", server_jid()}, {"type", "set"}, {"id", "P1"}, {"xmlns", "md"}},
                {node("pair-device", {}, std::move(children))});
}

wire::OutNode pair_success(BytesView identity) {
    return node("iq",
                {{"from", server_jid()},
                 {"type", "set"},
                 {"id", "P2"},
                 {"t", "1763769600"},
                 {"xmlns", "md"}},
                {node("pair-success", {},
                      {with_bytes("device-identity", identity),
                       node("device", {{"jid", Jid::parse("15551234567:5@s.whatsapp.net").value()},
                                       {"lid", Jid::parse("156535032389744:5@lid").value()}}),
                       node("platform", {{"name", "android"}})})});
}

} // namespace

TEST_CASE("six references: the first for a minute, the others for 20 seconds, then it is over") {
    World world;
    REQUIRE(world.account->link({}, world.now).has_value());
    CHECK(world.state() == State::linking);
    world.run();
    world.send(pair_device(6));
    world.run();
    const auto answers = world.take_sent("iq");
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].id() == "P1");
    CHECK(world.told.qrs.size() == 1);
    CHECK(world.told.qrs[0].starts_with("https://wa.me/settings/linked_devices#ref0,"));
    world.pass(std::chrono::seconds{59});
    CHECK(world.told.qrs.size() == 1);
    world.pass(std::chrono::seconds{2});
    CHECK(world.told.qrs.size() == 2);
    world.pass(std::chrono::seconds{80});
    CHECK(world.told.qrs.size() == 6);
    CHECK(world.told.failed.empty());
    world.pass(std::chrono::seconds{20});
    CHECK(world.told.failed == std::vector{link::Failure::timed_out});
    CHECK(world.state() == State::unlinked);
    CHECK_FALSE(world.account->wants_connection());
    world.pass(std::chrono::hours{24}); // only on request
    CHECK(world.connections == 1);
}

TEST_CASE("the connection falls while a code is shown: another code on the next one") {
    World world;
    REQUIRE(world.account->link({}, world.now).has_value());
    world.run();
    world.send(pair_device(6, "first"));
    world.run();
    world.cut();
    CHECK(world.state() == State::linking);
    world.pass(std::chrono::seconds{2});
    CHECK(world.connections == 2);
    world.send(pair_device(6, "second"));
    world.run();
    REQUIRE(world.told.qrs.size() == 2);
    CHECK(world.told.qrs[1].find("second0") != std::string::npos);
}

TEST_CASE("nobody ever answers: linking ends after five minutes and says so") {
    World world;
    world.reachable = false;
    REQUIRE(world.account->link({}, world.now).has_value());
    world.pass(std::chrono::minutes{6});
    CHECK(world.told.failed == std::vector{link::Failure::timed_out});
    CHECK(world.state() == State::unlinked);
}

TEST_CASE("offers that are wrong close the connection and show nothing") {
    const wire::OutNode rows[] = {pair_device(0), pair_device(21), pair_device(1, "with,comma"),
                                  pair_device(1, "line\n"), pair_device(1, std::string(2000, 'x'))};
    for (const wire::OutNode& row : rows) {
        World world;
        REQUIRE(world.account->link({}, world.now).has_value());
        world.run();
        world.send(row);
        world.run();
        CHECK(world.told.qrs.empty());
        CHECK(world.take_sent("iq").empty());
        CHECK(world.account->status().totals.protocol_errors == 1);
    }
}

TEST_CASE("an answer that the account's key does not vouch for is refused, and nothing is linked") {
    for (const std::string_view identity : {"", "\x0a\x01\x00", "garbage that is no protobuf"}) {
        World world;
        REQUIRE(world.account->link({}, world.now).has_value());
        world.run();
        world.send(pair_device(6));
        world.run();
        world.take_sent("iq");
        world.send(pair_success(as_bytes(identity)));
        world.run();
        const auto answers = world.take_sent("iq");
        REQUIRE(answers.size() == 1);
        CHECK(answers[0].id() == "P2");
        CHECK(answers[0]->text_of("type").value() == "error");
        CHECK(world.told.failed == std::vector{link::Failure::refused});
        CHECK(world.state() == State::refused);
        CHECK_FALSE(link::load_linked(*world.sessions).has_value());
        CHECK_FALSE(world.account->wants_connection());
    }
}

TEST_CASE("who links is told outdated, refused or banned, with a state of its own") {
    struct Row {
        const char* reason;
        link::Failure told;
        State state;
    };
    const Row rows[] = {{"401", link::Failure::logged_out, State::logged_out},
                        {"402", link::Failure::banned, State::banned},
                        {"403", link::Failure::banned, State::banned},
                        {"405", link::Failure::outdated, State::outdated},
                        {"409", link::Failure::refused, State::refused}};
    for (const Row& row : rows) {
        CAPTURE(row.reason);
        World world;
        REQUIRE(world.account->link({}, world.now).has_value());
        world.run();
        world.send(node("failure", {{"reason", row.reason}, {"expire", "600"}}));
        world.pass(std::chrono::minutes{2}); // the look-up of a version finds nothing
        CHECK(world.told.failed == std::vector{row.told});
        CHECK(world.state() == row.state);
        CHECK(world.connections == 1);
        CHECK(world.account->link({}, world.now).has_value()); // and it can be tried again
    }
}

TEST_CASE("linking with a version that the look-up found after 405") {
    World world;
    REQUIRE(world.account->link({}, world.now).has_value());
    world.run();
    world.send(node("failure", {{"reason", "405"}}));
    world.run();
    link::Version newer = link::built_in_version;
    ++newer.tertiary;
    world.account->version_found(newer, world.now);
    world.run();
    CHECK(world.connections == 2);
    world.send(pair_device(6));
    world.run();
    CHECK(world.told.qrs.size() == 1);
}

TEST_CASE("a wanted passkey ends linking with a state of its own, and is acknowledged") {
    World world;
    REQUIRE(world.account->link({}, world.now).has_value());
    world.run();
    world.send(pair_device(6));
    world.send(node("notification",
                    {{"from", server_jid()}, {"id", "K1"}, {"type", "passkey_prologue_request"}},
                    {node("passkey_request_options")}));
    world.run();
    CHECK(world.take_sent("ack").size() == 1);
    CHECK(world.told.failed == std::vector{link::Failure::passkey_wanted});
    CHECK(world.state() == State::passkey_wanted);
    CHECK(live::exit_code(world.state()) == ExitCode::logged_out);
}

TEST_CASE("linking is cancelled, is not begun twice, and not more than five times in ten minutes") {
    World world;
    for (int i = 0; i < 5; ++i) {
        REQUIRE(world.account->link({}, world.now).has_value());
        CHECK(world.account->link({}, world.now).error() == live::LiveErrc::busy);
        world.run();
        world.account->cancel_link(world.now);
        world.run();
        CHECK(world.state() == State::unlinked);
    }
    CHECK(world.told.failed == std::vector<link::Failure>(5, link::Failure::cancelled));
    CHECK(world.account->link({}, world.now).error() == link::LinkErrc::too_many_attempts);
    world.pass(std::chrono::minutes{11});
    CHECK(world.account->link({}, world.now).has_value());
}

TEST_CASE("a linked account is not linked over; one that is not linked is not unlinked") {
    World world;
    CHECK(world.account->unlink(world.now).error() == live::LiveErrc::not_linked);
    world.be_linked();
    CHECK(world.account->link({}, world.now).error() == live::LiveErrc::already_linked);
    world.reachable = false;
    world.pass(std::chrono::seconds{10});
    CHECK(world.account->unlink(world.now).error() == live::LiveErrc::not_connected);
}

TEST_CASE("a number that cannot be one is refused before anything is sent") {
    for (const char* phone : {"0123456789", "12345", "not a number", "1234567890123456789"}) {
        World world;
        CHECK(world.account->link({.phone = phone}, world.now).error() ==
              link::LinkErrc::bad_phone);
        CHECK(world.state() == State::unlinked);
        CHECK_FALSE(world.account->wants_connection());
    }
}

TEST_CASE("unlinking: the answer, or the end that the server makes of it, wipes the session") {
    for (const bool by_stream : {false, true}) {
        World world;
        world.be_linked();
        world.log_in();
        world.take_sent("iq");
        world.obliging = false;
        REQUIRE(world.account->unlink(world.now).has_value());
        world.run();
        const auto asked = world.take_sent("iq");
        REQUIRE(asked.size() == 1);
        const wire::Node* const removed = asked[0]->child("remove-companion-device");
        REQUIRE(removed != nullptr);
        CHECK(removed->jid_of("jid")->to_string() == "15551234567:5@s.whatsapp.net");
        if (by_stream) {
            world.send(node("stream:error", {{"code", "401"}},
                            {node("conflict", {{"type", "device_removed"}})}));
        } else {
            world.answer(asked[0]);
        }
        world.run();
        CHECK(world.state() == State::unlinked);
        CHECK_FALSE(link::load_linked(*world.sessions).has_value());
        CHECK_FALSE(link::load_device(*world.sessions).value().has_value());
        CHECK_FALSE(world.account->wants_connection());
    }
}

TEST_CASE("unlinking that nobody confirms keeps the keys and says what to do") {
    World world;
    world.be_linked();
    world.log_in();
    world.oblige_first = [](const Sent& request) {
        return request->child("remove-companion-device") != nullptr; // no answer
    };
    REQUIRE(world.account->unlink(world.now).has_value());
    world.pass(std::chrono::seconds{25});
    CHECK(world.told.warned("unlink_failed"));
    CHECK(world.state() == State::connected);
    CHECK(link::load_linked(*world.sessions).has_value());
}

} // namespace vestari::test
