// The manual page vestari(1), from the commands' data.
//
// Threads     free function without state.
// Source      man(7).
#pragma once

#include <string>
#include <string_view>

#include "ingest/cli/frame/help.hpp"

namespace vestari::cli {

std::string man_page(const Program& program, std::string_view version);

} // namespace vestari::cli
