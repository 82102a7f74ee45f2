// Finding the longest known phrase or reference at a place in folded text.
//
// Cost        at most the length of the longest key, whatever the table's size.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "parser/tables/tables.hpp"

namespace vestari::parser {

struct PhraseMatch {
    std::int32_t phrase;
    std::size_t end;
};

// The longest phrase that starts at `at` and ends at a word's end.
std::optional<PhraseMatch> find_phrase(std::string_view text, std::size_t at) noexcept;

// The value of the phrase's reading of this kind.
inline std::optional<std::int32_t> reading_of(std::int32_t phrase, Kind kind) noexcept {
    if (phrase < 0) {
        return std::nullopt;
    }
    const Phrase& row = tables::phrases.data()[phrase];
    if ((row.kinds >> static_cast<unsigned>(kind) & 1U) == 0) {
        return std::nullopt;
    }
    const Reading* reading = tables::readings.data() + row.first;
    while (reading->kind != kind) {
        ++reading;
    }
    return reading->value;
}

// The reference rows as a tree of characters in a double array; places are told from node to node, so a range needs no table.
struct RowNode {
    std::int32_t base = 0; // from this node to where the children's places begin
    std::int32_t up = 0;   // from the parent to this node; 0: nobody stands here
    std::uint16_t first = 0, last = 0;
};

// The rows that begin with the characters read so far.
struct RowRange {
    std::int32_t first, last;
    const RowNode* node;
    bool empty() const noexcept { return first >= last; }
};
RowRange all_rows() noexcept;

// Rows whose next character this is; keys are digits and small letters.
inline RowRange narrow(RowRange range, char c) noexcept {
    const auto digit = static_cast<std::uint8_t>(c - '0');
    const auto letter = static_cast<std::uint8_t>(c - 'a');
    if (range.empty() || (digit > 9 && letter > 25)) {
        return {0, 0, range.node};
    }
    const std::ptrdiff_t step =
        std::ptrdiff_t{range.node->base} + (digit <= 9 ? digit : letter + 10);
    const RowNode* const next = range.node + step;
    if (next->up != step) {
        return {0, 0, range.node};
    }
    return {next->first, next->last, next};
}

std::optional<std::int32_t> brand_index(std::string_view name) noexcept;

} // namespace vestari::parser
