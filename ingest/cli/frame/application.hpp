// The program's edge: reads the command line, runs one command, and turns whatever went wrong into a message and an exit code.
//
// Errors      none leave: Failure, storage failures and what the standard library throws end here.
// Source      DESIGN 3.1 (exit codes).
#pragma once

#include "ingest/cli/frame/help.hpp"

namespace vestari::cli {

Program make_program(Context& context); // all.cpp: the list of commands

int run(int argc, const char* const* argv);

} // namespace vestari::cli
