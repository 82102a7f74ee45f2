// Help, from the commands' data; the manual and shell completion (manual.hpp, completion.hpp) are made from the same.
//
// Threads     free functions without state.
#pragma once

#include <string>
#include <vector>

#include "ingest/cli/frame/command.hpp"

namespace vestari::cli {

// The whole program. `commands` in the order in which a newcomer needs them.
struct Program {
    std::string name;
    std::string summary;
    std::vector<Parameter> options; // global
    std::vector<Command> commands;
    std::vector<Example> examples;
};

// `path`: the command's words ("vestari include add").
std::string help_of(const Program& program, const terminal::Look& look);
std::string help_of(const Program& program, const Command& command, const std::string& path,
                    const terminal::Look& look);
std::string usage_of(const Command& command, const std::string& path);

} // namespace vestari::cli
