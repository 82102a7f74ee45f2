// How many columns of a terminal a text takes, and texts made to fit a number of columns.
//
// Invariants  the text has been through sanitise.hpp: no control characters. East Asian wide characters and emoji take two
//             columns, combining marks none. A text is never cut inside a character.
// Threads     free functions without state.
// Source      Unicode Standard Annex 11, by utf8proc_charwidth.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vestari::terminal {

std::size_t width_of(std::string_view text);

// The text in at most `width` columns; what was cut is marked by `ellipsis` (its columns counted).
std::string fit(std::string_view text, std::size_t width, std::string_view ellipsis = "…");

enum class Align : unsigned char { left, right };
std::string pad(std::string_view text, std::size_t width, Align align = Align::left);

// Text that begins in column `margin`, broken at spaces so that no line is wider than `width`; following lines are indented
// by `margin`. Width 0, or less than 20 columns beside the margin: one line.
std::string wrap(std::string_view text, std::size_t width, std::size_t margin = 0);

// 1234567 -> "1,234,567"
std::string grouped(long long number);

} // namespace vestari::terminal
