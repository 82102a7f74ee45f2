// Numbers as they are typed with blanks, dashes and brackets: payment cards and telephones among them.
//
// Invariants  a card has 13 to 19 digits that pass the Luhn check and is no reference of the catalogue.
// Cost        bounded for each place: at most Run::longest digits are looked at.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "parser/recognise/mark.hpp"

namespace vestari::parser {

struct Run {
    static constexpr std::size_t longest = 40; // digits
    std::size_t to = 0;
    std::size_t digits = 0;
    std::size_t groups = 0;
    std::array<char, longest> text{};
    std::array<std::uint8_t, longest> ends{}; // behind each digit, from the run's start
};

// Digits from `at` on, joined over single blanks, dashes, brackets and (where wanted) line ends.
Run run_at(std::string_view text, std::size_t at, bool over_lines,
           std::size_t most = Run::longest) noexcept;

// Is the whole a reference of the catalogue?
bool is_reference(std::string_view digits) noexcept;

// Fewer than seven digits ahead are neither a telephone nor a card; most numbers end here.
bool long_number(std::string_view text, std::size_t at) noexcept;

// Where the card or telephone that starts at `at` ends; 0 when there is none.
std::size_t card_end(std::string_view text, std::size_t at) noexcept;
std::size_t phone_end(std::string_view text, std::size_t at) noexcept;

} // namespace vestari::parser
