// The question before something that cannot be undone.
//
// Threads     free function.
// Errors      Failure: usage where there is no terminal to ask on, differs (1) when the answer is not yes.
#pragma once

#include <string>

#include "ingest/cli/frame/context.hpp"

namespace vestari::cli {

void confirm(const Context& context, const std::string& question, const std::string& when_not);

} // namespace vestari::cli
