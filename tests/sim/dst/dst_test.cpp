// The deterministic simulation, a short form of it in every test run and the long one under `./dev assure` (VESTARI_ASSURE).
#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>

#include "tests/sim/dst/run.hpp"

namespace vestari::sim::dst {

namespace {

bool assured() { return std::getenv("VESTARI_ASSURE") != nullptr; }

// A run's database needs no disk that survives the machine.
void use_memory() {
    if (std::filesystem::exists("/dev/shm")) {
        ::setenv("TMPDIR", "/dev/shm", 0);
    }
}

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : lines) {
        out += line + '\n';
    }
    return out;
}

} // namespace

TEST_CASE("dst: seeds that once failed") {
    use_memory();
    // 55, 59: keys uploaded while a batch was open. 48, 71, 149 and on: the simulation's own, mended.
    for (const std::uint64_t seed : {48U, 55U, 59U, 71U, 149U, 158U, 183U, 282U, 284U, 312U}) {
        const Outcome outcome = run(make_plan(seed, Trouble::faults));
        CAPTURE(seed);
        CAPTURE(joined(outcome.failures));
        CHECK(outcome.failures.empty());
    }
}

TEST_CASE("dst: one seed, one event log") {
    use_memory();
    const Plan plan = make_plan(17, Trouble::faults);
    const Outcome first = run(plan);
    const int repeats = assured() ? 100 : 10;
    for (int i = 1; i < repeats; ++i) {
        REQUIRE(run(plan).hash == first.hash);
    }
}

TEST_CASE("dst: whatever goes wrong, nothing is lost or double, and nothing leaves that must not") {
    use_memory();
    const std::uint64_t seeds = assured() ? 1000 : 100;
    std::array<std::uint64_t, fault_kinds> fired{};
    std::uint64_t stanzas = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const Outcome outcome = run(make_plan(seed, Trouble::faults));
        CAPTURE(seed);
        CAPTURE(joined(outcome.failures));
        CHECK(outcome.failures.empty());
        for (std::size_t i = 0; i < fault_kinds; ++i) {
            fired[i] += outcome.fired[i];
        }
        stanzas += outcome.report.stanzas;
    }
    MESSAGE("stanzas judged: ", stanzas);
    for (std::size_t i = 0; i < fault_kinds; ++i) {
        CAPTURE(name_of(static_cast<Fault>(i)));
        MESSAGE("fired ", name_of(static_cast<Fault>(i)), ": ", fired[i]);
        CHECK(fired[i] >= (assured() ? 100U : 1U));
    }
}

} // namespace vestari::sim::dst
