// The account against the whole service in miniature: a phone scans, groups speak, connections fall; the referee judges.
#include <doctest/doctest.h>

#include "bridge/store/lid_map.hpp"
#include "tests/unit/bridge/live/together.hpp"

namespace vestari::test {

namespace {
using live::State;
}

TEST_CASE(
    "a phone scans the code: linked, logged in again after 515, keys uploaded, no violation") {
    Together both;
    REQUIRE(both.link_it());
    both.pass(std::chrono::seconds{5});
    CHECK(both.state() == State::connected);
    CHECK(both.told.linked.size() == 1);
    CHECK(both.told.failed.empty());
    REQUIRE(both.service.devices().size() == 1);
    const sim::LinkedDevice device = both.service.devices().front();
    CHECK(device.online);
    CHECK(device.active);
    CHECK(device.pre_keys >= 812);
    CHECK(both.account->status().me_pn->to_string() == device.pn);
    check_referee(both);
}

TEST_CASE("what an included group says is spooled and cleared; what others say is only cleared") {
    Together both;
    const std::string deals = both.service.add_group({"Deals", {"anna", "ben"}});
    const std::string other = both.service.add_group({"Family", {"carl"}});
    REQUIRE(both.link_it());
    both.pass(std::chrono::seconds{5});
    CHECK(both.account->groups().size() == 2);
    both.account->set_groups({{deals, "Deals", "USD", true}}, both.now);
    both.say(deals, "anna", "126610 9500", 20);
    both.say(other, "carl", "dinner", 20);
    both.pass(std::chrono::seconds{10});
    CHECK(both.spooled() >= 20);
    CHECK(both.spooled() < 40);
    CHECK(both.service.queue().uncleared == 0);
    CHECK(both.service.queue().undelivered == 0);
    check_referee(both);
}

TEST_CASE("a queue of messages that came while the process was gone is drained and cleared") {
    Together both;
    const std::string deals = both.service.add_group({"Deals", {"anna", "ben"}});
    REQUIRE(both.link_it());
    both.groups = {{deals, "Deals", "USD", true}};
    both.account->set_groups(both.groups, both.now);
    both.pass(std::chrono::seconds{5});
    both.account->shut_down(both.now);
    both.run();
    both.say(deals, "anna", "watch", 1500);
    both.restart();
    both.pass(std::chrono::seconds{20});
    CHECK(both.state() == State::connected);
    CHECK(both.spooled() >= 1500);
    CHECK(both.service.queue().uncleared == 0);
    CHECK(both.service.queue().undelivered == 0);
    check_referee(both);
}

TEST_CASE("both names of an included group's members are known before they say a word") {
    for (const sim::Addressing addressing : {sim::Addressing::lid, sim::Addressing::pn}) {
        Together both;
        const std::string deals = both.service.add_group({"Deals", {"anna", "ben"}, addressing});
        both.service.add_group({"Family", {"carla"}, addressing});
        REQUIRE(both.link_it());
        both.account->set_groups({{deals, "Deals", "USD", true}}, both.now);
        both.pass(std::chrono::seconds{10});
        const store::LidMap names{*both.sessions};
        for (const sim::PersonView& person : both.service.people()) {
            CAPTURE(person.name);
            const bool reads = person.name == "anna" || person.name == "ben";
            if (reads || person.name == "carla") {
                CHECK(names.lid_of(Jid::parse(person.pn).value().user()).has_value() == reads);
            }
        }
        check_referee(both);
    }
}

TEST_CASE("an account that rests between any two messages reads them all") {
    Together both;
    const std::string deals = both.service.add_group({"Deals", {"anna", "ben"}});
    REQUIRE(both.link_it());
    both.pass(std::chrono::seconds{5});
    both.account->set_groups({{deals, "Deals", "USD", true}}, both.now);
    for (int i = 0; i < 20; ++i) {
        both.say(deals, i % 2 == 0 ? "anna" : "ben", "126610 9500", 1);
        both.pass(std::chrono::seconds{1});
        both.account->rest();
    }
    CHECK(both.spooled() >= 20);
    CHECK(both.service.queue().uncleared == 0);
    CHECK(both.account->status().state.state == State::connected);
    check_referee(both);
}

TEST_CASE("the operator unlinks: the phone's list is empty, and so is the session") {
    Together both;
    REQUIRE(both.link_it());
    both.pass(std::chrono::seconds{5});
    REQUIRE(both.account->unlink(both.now).has_value());
    both.pass(std::chrono::seconds{5});
    CHECK(both.state() == State::unlinked);
    CHECK(both.service.devices().empty());
    CHECK_FALSE(both.account->wants_connection());
    CHECK_FALSE(link::load_linked(*both.sessions).has_value());
    check_referee(both);
    both.told.qrs.clear();
    CHECK(both.link_it()); // and again, with other keys
}

TEST_CASE("the phone removes the device: logged out, keys kept, and nothing connects until told") {
    Together both;
    REQUIRE(both.link_it());
    both.pass(std::chrono::seconds{5});
    both.service.remove_device("owner");
    both.pass(std::chrono::minutes{30});
    CHECK(both.state() == State::logged_out);
    CHECK_FALSE(both.account->wants_connection());
    CHECK(link::load_linked(*both.sessions).has_value());
    both.restart(); // remembered
    both.pass(std::chrono::minutes{30});
    CHECK(both.state() == State::logged_out);
    both.told.qrs.clear();
    CHECK(both.link_it());
}

TEST_CASE("typed on the phone, the shown code links too") {
    Together both;
    const std::string phone = Jid::parse(both.service.people().front().pn).value().user();
    REQUIRE(both.account->link({.phone = phone}, both.now).has_value());
    REQUIRE(both.pass_until([&] { return !both.told.codes.empty(); }, std::chrono::seconds{30}));
    both.pass(std::chrono::seconds{1});
    REQUIRE(both.service.enter_code(phone, both.told.codes.back()));
    CHECK(both.pass_until([&] { return both.state() == State::connected; },
                          std::chrono::seconds{30}));
    CHECK(both.told.linked.size() == 1);
    check_referee(both);
}

TEST_CASE("cut after the n-th thing that the server says while linking: linked in the end, or "
          "plainly not, never stuck") {
    for (std::uint64_t n = 1; n < 25; ++n) {
        CAPTURE(n);
        Together both;
        both.frames_until_cut = n;
        REQUIRE(both.account->link({}, both.now).has_value());
        std::string scanned;
        const bool rested = both.pass_until(
            [&] {
                if (!both.told.qrs.empty() && both.told.qrs.back() != scanned) {
                    scanned = both.told.qrs.back();
                    both.service.scan(scanned);
                }
                return both.state() != State::linking && both.state() != State::connecting &&
                       both.state() != State::offline;
            },
            std::chrono::minutes{12});
        CHECK(rested);
        const State state = both.state();
        CHECK((state == State::connected || state == State::logged_out ||
               state == State::unlinked || state == State::refused));
        if (state != State::connected) { // then the order can be given again
            both.told.qrs.clear();
            both.pass(std::chrono::minutes{11});
            CHECK(both.link_it());
        }
    }
}

TEST_CASE("cut after the n-th thing that the server says at login and while draining: nothing is "
          "lost, nothing comes twice") {
    for (std::uint64_t n = 1; n < 60; n += 3) {
        CAPTURE(n);
        Together both{n};
        const std::string deals = both.service.add_group({"Deals", {"anna", "ben"}});
        REQUIRE(both.link_it());
        both.groups = {{deals, "Deals", "USD", true}};
        both.account->set_groups(both.groups, both.now);
        both.say(deals, "anna", "first");
        both.pass(std::chrono::seconds{5});
        const std::uint64_t before = both.spooled();
        both.service.disconnect();
        both.run();
        both.say(deals, "ben", "queued", 30);
        both.frames_until_cut = n;
        both.pass(std::chrono::minutes{2});
        CHECK(both.state() == State::connected);
        CHECK(both.spooled() == before + 30);
        CHECK(both.service.queue().uncleared == 0);
        check_referee(both);
    }
}

} // namespace vestari::test
