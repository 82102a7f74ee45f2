// Deals named on the command line: by their id or by any beginning of it that only one deal has.
//
// Threads     free functions.
// Errors      Failure: usage for what cannot be an id, differs (1) for an id that no deal has or more than one.
#pragma once

#include <string>
#include <vector>

#include "ingest/cli/access/access.hpp"

namespace vestari::cli {

inline constexpr std::size_t least_id_digits = 4;

std::vector<ingest::StoredDeal> pick_deals(Access& archive, const std::vector<std::string>& words,
                                           ingest::Content content);

} // namespace vestari::cli
