// vestari-synth: makes a synthetic day of dealer chats, encrypted as senders do, and what a reader must learn from it.
//
//     vestari-synth --fixture day.jsonl --expected expected.json          the day of `./dev demo`
//     vestari-synth --fixture day.jsonl --canaries canaries.jsonl         with 40 marks that must never reach a disk in the clear
//     vestari-synth --fixture bulk.jsonl --stanzas 100000                 plain traffic for measuring
//
// The same options make the same bytes. It belongs to the tests: the only program of the project that can encrypt a message.
#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>

#include "tests/synth/day/day.hpp"

namespace vestari::synth {
namespace {

struct Options {
    std::uint64_t seed = 20261120;
    std::string fixture;
    std::string expected;
    std::string canaries;
    std::size_t stanzas = 0;
};

std::ofstream create(const std::string& path) {
    std::ofstream out{path, std::ios::binary | std::ios::trunc};
    out.exceptions(std::ios::failbit | std::ios::badbit);
    return out;
}

void make(const Options& options) {
    World world = make_world();
    Canaries canaries{options.seed + 1};
    if (!options.canaries.empty()) {
        Day::name_people(world, canaries);
    }
    Conductor conductor{std::move(world), options.seed};
    Day day{conductor};
    if (options.stanzas > 0) {
        day.bulk(options.stanzas);
    } else {
        day.half_a_year();
        day.busy_day();
    }
    if (!options.canaries.empty()) {
        day.plant(canaries);
        auto out = create(options.canaries);
        canaries.write(out);
    }
    auto out = create(options.fixture);
    conductor.fixture().write(out);
    if (!options.expected.empty()) {
        auto expected = create(options.expected);
        conductor.fixture().write_expected(expected);
    }
    std::cerr << "vestari-synth: " << conductor.fixture().stanzas() << " stanzas\n";
}

} // namespace
} // namespace vestari::synth

int main(int argc, char** argv) {
    vestari::synth::Options options;
    CLI::App app{"Makes a synthetic day of dealer chats."};
    app.add_option("--seed", options.seed, "the same seed makes the same bytes");
    app.add_option("--fixture", options.fixture, "file to write the day to")->required();
    app.add_option("--expected", options.expected, "file for what a reader must learn");
    app.add_option("--canaries", options.canaries, "plant canaries and list them in this file");
    app.add_option("--stanzas", options.stanzas, "plain traffic of that many happenings instead");
    CLI11_PARSE(app, argc, argv);
    try {
        vestari::synth::make(options);
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "vestari-synth: " << error.what() << '\n';
        return 74;
    }
}
