// A replay: a fixture's lines through the receiver, in durable batches, out over the pipe.
//
// Invariants  what a batch contains is durable before its envelopes leave; what was spooled and not acknowledged leaves first at the
//             next start. A fixture's device has a session database of its own in the folder, so two captures of different devices
//             never share Signal state.
// Errors      Failure: what was wrong, in words that name the thing and the next step, and the exit code. StoreErrc is thrown.
// Threads     one.
// Source      DESIGN 3.3 and 3.4, SETTLED sections 6 and 8.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "vestari/base/exit_code.hpp"
#include "vestari/base/result.hpp"
#include "vestari/event/envelope.hpp"

namespace vestari::replay {

struct Options {
    std::filesystem::path fixture;
    std::filesystem::path sessions;   // empty: thrown away
    std::vector<std::string> include; // empty: the header's
    bool pipe = false;
};

struct Failure {
    ExitCode exit_code;
    std::string what;
};

inline constexpr std::size_t batch_stanzas = 500; // share one durable transaction

// `in` < 0: no keys and no acknowledgements come; the session's keys are made up for this run.
// The summary of a replay that broke off was sent all the same.
std::optional<Failure> run(const Options& options, int in, int out);

} // namespace vestari::replay
