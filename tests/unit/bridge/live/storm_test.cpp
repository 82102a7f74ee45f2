// A service that misbehaves at random from a seed, cuts, and processes that start again: everything is delivered once in the end.
#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/unit/bridge/live/together.hpp"

namespace vestari::test {

namespace {

using live::State;

// One seed: an hour of trouble, then calm. The hash of what happened.
std::string storm(std::uint64_t seed) {
    CAPTURE(seed);
    Together both{seed};
    const std::string deals = both.service.add_group({"Deals", {"anna", "ben", "carl"}});
    REQUIRE(both.link_it());
    both.groups = {{deals, "Deals", "USD", true}};
    both.account->set_groups(both.groups, both.now);
    both.pass(std::chrono::seconds{5});
    const std::uint64_t before = both.spooled();
    Dice dice{seed * 977};
    for (std::uint8_t kind = 0; kind < sim::fault_kinds; ++kind) {
        both.service.faults().set_chance(static_cast<sim::Fault>(kind),
                                         static_cast<std::uint32_t>(dice.next() % 30));
    }
    const char* const members[] = {"anna", "ben", "carl"};
    std::uint64_t said = 0;
    for (int i = 0; i < 60; ++i) {
        const auto count = static_cast<std::uint32_t>(dice.next() % 4);
        if (count != 0) {
            both.say(deals, members[dice.next() % 3], "offer", count);
            said += count;
        }
        both.pass(std::chrono::milliseconds{dice.next() % 20'000});
        if (dice.next() % 20 == 0) {
            both.restart();
        }
    }
    both.service.faults().calm();
    CHECK(both.pass_until([&] { return both.state() == State::connected; },
                          std::chrono::seconds{60}));
    CAPTURE(both.account->status().state.why.code);
    both.pass(std::chrono::minutes{2});
    CHECK(both.state() == State::connected);
    CHECK(both.spooled() == before + said);
    CHECK(both.service.queue().undelivered == 0);
    CHECK(both.service.queue().uncleared == 0);
    check_referee(both);
    return both.service.log_hash();
}

} // namespace

TEST_CASE("storms of faults: up again within a minute after them, nothing lost, nothing twice") {
    const char* const many = std::getenv("VESTARI_STORMS");
    const std::uint64_t seeds = many != nullptr ? std::strtoull(many, nullptr, 10) : 12;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        (void)storm(seed);
    }
}

} // namespace vestari::test
