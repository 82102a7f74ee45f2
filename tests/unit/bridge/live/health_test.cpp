// Whether what should arrive does: a spool that is full, groups that fall silent, a service that misbehaves for a while.
#include <doctest/doctest.h>

#include "tests/unit/bridge/live/together.hpp"

namespace vestari::test {

using live::State;

TEST_CASE(
    "a full spool stops reading and clears nothing more; room lets it go on, and nothing is lost") {
    Together both;
    both.spool_max_bytes = 16U << 10U;
    both.start();
    const std::string deals = both.service.add_group({"Deals", {"anna"}});
    REQUIRE(both.link_it());
    both.account->set_groups({{deals, "Deals", "USD", true}}, both.now);
    both.say(deals, "anna", "126610LN 9500 usd full set", 400);
    both.pass(std::chrono::seconds{10});
    CHECK(both.account->reading_paused());
    CHECK(both.told.warned("spool_full"));
    CHECK(both.service.queue().uncleared + both.service.queue().undelivered > 0);
    both.pass(std::chrono::minutes{10}); // nobody fetches
    CHECK(both.account->reading_paused());
    std::uint64_t fetched = 0;
    std::uint64_t last = 0;
    for (int i = 0; i < 400; ++i) {
        store::Spool spool{*both.sessions};
        for (const store::Spooled& row : spool.after(last, 1000)) {
            ++fetched;
            last = row.sequence;
        }
        spool.erase_through(last);
        both.account->spool_shrank(both.now);
        both.pass(std::chrono::seconds{1});
    }
    CHECK(fetched >= 400);
    CHECK_FALSE(both.account->reading_paused());
    CHECK(both.service.queue().uncleared == 0);
    CHECK(both.service.queue().undelivered == 0);
    CHECK(both.state() == State::connected);
    check_referee(both);
}

TEST_CASE("a spool that was full is no warning any more once it was fetched, connected or not") {
    Together both;
    both.spool_max_bytes = 16U << 10U;
    both.start();
    const std::string deals = both.service.add_group({"Deals", {"anna"}});
    REQUIRE(both.link_it());
    both.account->set_groups({{deals, "Deals", "USD", true}}, both.now);
    both.say(deals, "anna", "126610LN 9500 usd full set", 400);
    both.pass(std::chrono::seconds{10});
    REQUIRE(both.account->reading_paused());
    both.service.disconnect();
    both.account->closed({live::Closed::lost, 0}, both.now);
    both.socket = nullptr;
    both.in_flight.clear();
    store::Spool spool{*both.sessions};
    spool.erase_through(spool.next_sequence() - 1);
    both.account->spool_shrank(both.now);
    CHECK(std::ranges::find(both.told.ended, "spool_full") != both.told.ended.end());
}

TEST_CASE("groups that were taken off the list are not waited for") {
    Together both;
    const std::string one = both.service.add_group({"One", {"anna"}});
    const std::string two = both.service.add_group({"Two", {"ben"}});
    const std::string three = both.service.add_group({"Three", {"anna"}});
    REQUIRE(both.link_it());
    both.account->set_groups(
        {{one, "One", "USD", true}, {two, "Two", "USD", true}, {three, "Three", "USD", true}},
        both.now);
    for (int minute = 0; minute < 60; ++minute) {
        both.say(one, "anna", "a");
        both.say(two, "ben", "b");
        both.say(three, "anna", "c");
        both.pass(std::chrono::minutes{1});
    }
    both.account->set_groups({{three, "Three", "USD", true}}, both.now);
    const std::uint64_t before = both.account->status().totals.connections;
    for (int minute = 0; minute < 90; ++minute) {
        both.say(three, "anna", "c");
        both.pass(std::chrono::minutes{1});
    }
    CHECK(both.state() == State::connected);
    CHECK(both.account->status().totals.connections == before);
}

TEST_CASE(
    "two lively groups fall silent: degraded, one new connection, and connected when they speak") {
    Together both;
    const std::string one = both.service.add_group({"One", {"anna"}});
    const std::string two = both.service.add_group({"Two", {"ben"}});
    REQUIRE(both.link_it());
    both.account->set_groups({{one, "One", "USD", true}, {two, "Two", "USD", true}}, both.now);
    for (int minute = 0; minute < 60; ++minute) {
        both.say(one, "anna", "a");
        both.say(two, "ben", "b");
        both.pass(std::chrono::minutes{1});
    }
    CHECK(both.state() == State::connected);
    const std::uint64_t before = both.account->status().totals.connections;
    both.pass(std::chrono::minutes{25});
    CHECK(both.state() == State::connected); // could be a break
    both.pass(std::chrono::minutes{30});
    CHECK(both.state() == State::degraded);
    CHECK(both.account->status().totals.connections == before + 1);
    CHECK_FALSE(both.account->status().groups.front().fresh);
    both.pass(std::chrono::hours{6});
    CHECK(both.account->status().totals.connections == before + 1); // once
    both.say(one, "anna", "a");
    both.say(two, "ben", "b");
    both.pass(std::chrono::minutes{3});
    CHECK(both.state() == State::connected);
    CHECK(both.account->status().groups.front().fresh);
}

TEST_CASE(
    "after any fault of the service the session is up again within a minute, and nothing is lost") {
    for (std::uint8_t kind = 0; kind < sim::fault_kinds; ++kind) {
        const auto fault = static_cast<sim::Fault>(kind);
        CAPTURE(sim::name_of(fault));
        Together both{kind + 1U};
        const std::string deals = both.service.add_group({"Deals", {"anna", "ben"}});
        REQUIRE(both.link_it());
        both.account->set_groups({{deals, "Deals", "USD", true}}, both.now);
        both.pass(std::chrono::seconds{5});
        const std::uint64_t before = both.spooled();
        both.service.faults().arm(fault, 2);
        for (int i = 0; i < 20; ++i) {
            both.say(deals, i % 2 == 0 ? "anna" : "ben", "offer");
            both.pass(std::chrono::seconds{3});
        }
        both.service.faults().calm();
        both.pass(std::chrono::minutes{2});
        CHECK(both.state() == State::connected);
        CHECK(both.spooled() == before + 20);
        CHECK(both.service.queue().undelivered == 0);
        check_referee(both);
    }
}

} // namespace vestari::test
