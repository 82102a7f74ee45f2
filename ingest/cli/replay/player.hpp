// Plays one fixture: starts vestari-replay, takes its frames into the archive, acknowledges what is durable.
//
// Invariants  what was read before an end of any kind is committed. An acknowledgement never runs ahead of a commit.
// Threads     one owner.
// Errors      Failure (see child.hpp); StorageFailure when the archive fails: what was committed stays.
#pragma once

#include <functional>

#include "ingest/cli/replay/child.hpp"
#include "ingest/cli/replay/transcript.hpp"
#include "vestari/ingest/archive.hpp"

namespace vestari::cli::replay {

struct Play {
    std::filesystem::path program;
    std::filesystem::path fixture;
    std::filesystem::path sessions;   // folder of the session databases
    std::vector<std::string> include; // empty: the fixture's own list
    Currency default_currency = Currency::of("USD");
    int signals = -1; // readable: stop
};

struct Ended {
    bool interrupted = false;
    int exit_code = 0; // of the child; below zero: the signal that ended it
};

// `on_progress` is called with the number of stanzas that are known to be through, for a progress bar.
Ended play(const Play& how, ingest::Archive& archive, const Clock& clock, Transcript& transcript,
           const std::function<void(std::uint64_t)>& on_progress);

} // namespace vestari::cli::replay
