// From folded text to marks: what each word, number and sign can mean, before anything is known about lines and items.
#pragma once

#include "parser/recognise/mark.hpp"

namespace vestari::parser {

// Reads the whole message into marks.
void scan(Message& message);

// Readers at one place; each gives where it ended, or 0 when nothing of its kind stands there.
std::size_t read_reference(const Message& message, std::size_t at, std::int32_t brand_in_force,
                           Ident& ident);
std::size_t read_date(std::string_view text, std::size_t at, int this_year, Date& date);
std::size_t read_amount(const Message& message, std::size_t at, Amount& amount);
// `run_end` is where the numerals end: when they are no number, no later one among them starts a number either.
std::size_t read_chinese_number(std::string_view text, std::size_t at, Amount& amount,
                                std::size_t& run_end);

// Settles words with several meanings by their neighbours (FS, N, U, mint, colours of straps) and joins what belongs together.
void resolve(Message& message);

// A stem completed by a colour or nickname: the one completion that fits, or nothing.
bool complete_by_suffix(Ident& ident, std::string_view suffix);

} // namespace vestari::parser
