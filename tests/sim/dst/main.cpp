// One or many simulated runs by hand: `vestari-dst SEED [COUNT] [--log]`. Prints what failed, and the seed that repeats it.
#include <iostream>

#include <CLI/CLI.hpp>

#include "tests/sim/dst/run.hpp"

namespace {

using namespace vestari::sim;

void print(const dst::Plan& plan, const dst::Outcome& outcome) {
    std::cout << fmt::format("seed {}: {} logins, {} posted, {} kept, {} s simulated, up after {} "
                             "ms, {} stanzas\n",
                             plan.seed, outcome.logins, outcome.posted, outcome.received,
                             outcome.simulated.count(), outcome.up_after.count(),
                             outcome.report.stanzas);
    for (const std::string& failure : outcome.failures) {
        std::cout << "  " << failure << '\n';
    }
}

} // namespace

int main(int argc, char** argv) {
    std::uint64_t seed = 1;
    std::uint64_t count = 1;
    bool log = false;
    bool calm = false;
    CLI::App app{"The bridge's account and a simulated service in one loop with virtual time."};
    app.add_option("seed", seed)->required();
    app.add_option("count", count, "how many seeds from there")->capture_default_str();
    app.add_flag("--log", log, "prints the event log");
    app.add_flag("--calm", calm, "without faults");
    CLI11_PARSE(app, argc, argv);

    std::uint64_t failed = 0;
    for (std::uint64_t i = seed; i < seed + count; ++i) {
        const auto plan = dst::make_plan(i, calm ? dst::Trouble::none : dst::Trouble::faults);
        const dst::Outcome outcome = dst::run(plan);
        failed += outcome.failures.empty() ? 0U : 1U;
        if (!outcome.failures.empty() || count == 1) {
            print(plan, outcome);
        }
        for (const std::string& line : log ? outcome.log : std::vector<std::string>{}) {
            std::cout << line << '\n';
        }
    }
    std::cout << fmt::format("{} of {} seeds failed\n", failed, count);
    return failed == 0 ? 0 : 1;
}
