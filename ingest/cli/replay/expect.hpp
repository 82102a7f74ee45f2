// `vestari replay --expect`: what a replay should have seen, and how what it saw differs.
//
// Threads     values.
// Errors      Failure (bad data) for a file that is no expectation.
// Source      SETTLED section 6; tests/fixtures/*/expected.json.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ingest/cli/replay/transcript.hpp"

namespace vestari::cli::replay {

struct Expectation {
    struct Message {
        std::string kind;                  // empty: any
        std::optional<std::string> target; // set: compared; an empty text stands for none
        bool optional = false;             // may be missing
    };
    using Key = std::pair<std::string, std::string>; // chat, id

    std::vector<std::pair<std::string, std::uint64_t>> counts; // those that are named, of the six
    std::optional<std::map<Key, Message>> messages;            // unset: not compared
    std::map<Key, std::string> silent; // must have no effect; why, for the message
};

Expectation parse_expectation(std::string_view text, const std::string& name);
Expectation load_expectation(const std::filesystem::path& file);

// One line each; empty: as expected.
std::vector<std::string> differences(const Expectation& expected, const Transcript& seen);

} // namespace vestari::cli::replay
