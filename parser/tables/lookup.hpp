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

// Narrows sorted reference rows by one more character.
struct RowRange {
    std::int32_t first, last;
    bool empty() const noexcept { return first >= last; }
};
RowRange all_rows() noexcept;
RowRange narrow(RowRange range, std::size_t depth, char c) noexcept;
std::optional<std::int32_t> brand_index(std::string_view name) noexcept;

} // namespace vestari::parser
