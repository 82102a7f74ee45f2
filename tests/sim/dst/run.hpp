// One simulated run: the bridge's account and the service in one loop, with virtual time, by a plan.
//
// Invariants  no clock, no sleep, no thread: the plan alone decides the log.
// Threads     one owner.
// Errors      what does not hold stands in Outcome::failures, as sentences.
// Source      ASSURANCE T1, T2.
#pragma once

#include "tests/sim/dst/plan.hpp"
#include "tests/sim/referee/report.hpp"

namespace vestari::sim::dst {

struct Outcome {
    std::string hash; // of the event log of both ends
    std::vector<std::string> failures;
    std::vector<std::string> log;
    std::array<std::uint64_t, fault_kinds> fired{};
    std::uint64_t crashes = 0, failed_attempts = 0, logins = 0;
    std::uint64_t posted = 0, received = 0; // in included groups
    std::chrono::seconds simulated{0};
    std::chrono::milliseconds up_after{0}; // the trouble
    Report report;
};

Outcome run(const Plan& plan);

} // namespace vestari::sim::dst
