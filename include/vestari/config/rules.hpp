// The rules between keys: what a file whose every key is well formed may still not say.
//
// Threads     free function without state.
// Source      DESIGN 3.2, SETTLED section 9, ASSURANCE H15 (no way to weaken TLS in a release).
#pragma once

#include <optional>

#include "vestari/config/keys.hpp"

namespace vestari::config {

// Fills in what depends on other keys, then names the first rule that is broken.
std::optional<Problem> apply_rules(Draft& draft, const Environment& environment);

} // namespace vestari::config
