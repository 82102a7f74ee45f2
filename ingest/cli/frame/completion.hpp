// Completion for bash, zsh and fish, from the commands' data.
//
// Threads     free function without state.
#pragma once

#include <string>

#include "ingest/cli/frame/help.hpp"

namespace vestari::cli {

enum class Shell : std::uint8_t { bash, zsh, fish };

std::string completion_of(const Program& program, Shell shell);

} // namespace vestari::cli
