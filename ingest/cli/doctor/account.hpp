// doctor's look at what belongs to the account: configuration, data folder, master key, archive.
#pragma once

#include <filesystem>

#include "ingest/cli/doctor/checks.hpp"

namespace vestari::cli::doctor {

// Gives the data folder, empty when there is no configuration.
std::filesystem::path examine_account(const Context& context, Report& report);

} // namespace vestari::cli::doctor
