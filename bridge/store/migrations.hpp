// The schema of the session database, version by version.
//
// Invariants  a version that was released never changes; a new one is added at the end. `user_version` counts what was applied.
#pragma once

#include <cstdint>
#include <span>

namespace vestari::store {

inline constexpr std::int32_t application_id = 0x56534553; // "VSES"

std::span<const char* const>
migrations() noexcept; // each applied in the one transaction that brings a file up to date

} // namespace vestari::store
