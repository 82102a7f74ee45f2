// What a replay tells a person: what was dropped unopened, what was read, what could not be.
//
// Threads     free function without state.
#pragma once

#include <string>

#include "ingest/cli/replay/transcript.hpp"
#include "ingest/cli/terminal/style.hpp"

namespace vestari::cli::replay {

std::string summary_text(const Transcript& transcript, const std::string& title,
                         const terminal::Look& look);

} // namespace vestari::cli::replay
