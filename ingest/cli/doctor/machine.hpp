// doctor's look at the machine: clock, disk, memory that can be locked, programs and libraries.
#pragma once

#include <filesystem>

#include "ingest/cli/doctor/checks.hpp"

namespace vestari::cli::doctor {

void examine_machine(const Context& context, const std::filesystem::path& data, Report& report);

} // namespace vestari::cli::doctor
