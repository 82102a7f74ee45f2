// What one simulated run does: who posts what and when, and what goes wrong. All of it follows from the seed.
//
// Threads     values.
// Source      ASSURANCE T1, T2.
#pragma once

#include <string>
#include <vector>

#include "tests/sim/faults/fault.hpp"
#include "tests/sim/groups/order.hpp"

namespace vestari::sim::dst {

enum class Trouble : std::uint8_t { none, faults };

struct Act {
    std::chrono::milliseconds at;
    std::size_t group = 0; // index; PostOrder::chat is filled in
    PostOrder order;
};

struct Plan {
    std::uint64_t seed = 0;
    std::vector<GroupSpec> groups; // the first `included` are on the include-list
    std::size_t included = 0;
    std::vector<Act>
        acts; // in order of time; an edit or revoke is about the act before it of the same member and group
    std::vector<std::pair<Fault, std::uint32_t>> chances; // per mille
    std::chrono::milliseconds trouble_from{0}, trouble_until{0};
    std::uint32_t crash_chance = 0;      // of the bridge, per 1,000 events while there is trouble
    std::uint32_t no_network_chance = 0; // per 1,000 attempts to connect while there is trouble
    bool waits_for_batches = false, acks_clear = true;
    std::chrono::seconds ping_interval{0};
};

Plan make_plan(std::uint64_t seed, Trouble trouble);

} // namespace vestari::sim::dst
