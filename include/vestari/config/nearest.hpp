// The known word that is closest to what somebody typed: for messages about unknown keys and commands.
//
// Cost        O(candidates × length²); a word longer than `max_compared` is cut.
// Threads     free functions without state.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace vestari::config {

inline constexpr std::size_t max_compared = 128;

// Optimal string alignment: insertions, deletions, substitutions, and swaps of neighbours cost one each.
std::size_t edit_distance(std::string_view a, std::string_view b);

// Empty when no candidate is near enough to be what was meant.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

} // namespace vestari::config
