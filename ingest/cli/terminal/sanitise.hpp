// Foreign text made safe to show: what a stranger wrote cannot move the cursor, change colours, reorder or hide text.
//
// Invariants  the result is valid UTF-8 and holds no C0, C1 or DEL (one_line: no exception; paragraph: "\n" alone), no escape
//             sequence or part of one, no bidirectional control and no other invisible format character; at most
//             `max_marks` combining marks follow one character. Broken UTF-8 becomes U+FFFD.
// Cost        linear: an unterminated sequence is searched for its end within `max_sequence` bytes only.
// Threads     free functions without state.
// Source      ASSURANCE H7 and H21; ECMA-48 sections 5.4 (control sequences) and 5.6 (control strings).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vestari::terminal {

inline constexpr std::size_t max_marks = 4;
inline constexpr std::size_t max_sequence = 4096;

// Line breaks and tabs become one space.
std::string one_line(std::string_view foreign);

// Line breaks stay, all as "\n".
std::string paragraph(std::string_view foreign);

} // namespace vestari::terminal
