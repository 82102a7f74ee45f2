// RFC 3339 in UTC with Z, as all our JSON says it.
//
// Threads     free functions without state.
// Source      SETTLED section 7.
#pragma once

#include <string>

#include "vestari/base/clock.hpp"

namespace vestari::service {

std::string rfc3339(TimePoint at); // "2026-03-01T08:05:09.042Z"

} // namespace vestari::service
