// doctor's look at what runs: the runtime folder, both control sockets, the pipe between them, and whether all are of one version.
#pragma once

#include "ingest/cli/doctor/checks.hpp"

namespace vestari::cli::doctor {

void examine_daemons(const Context& context, Report& report);

// {"program","version"} of a status; empty where it does not say.
std::string version_in(const std::string& status);

} // namespace vestari::cli::doctor
