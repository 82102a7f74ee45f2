#include "parser/tables/lookup.hpp"

#include <algorithm>
#include <array>

#include "parser/recognise/mark.hpp"

namespace vestari::parser {

namespace {

// Rows grouped by their first two bytes.
struct Index {
    std::array<std::uint16_t, 65537> first{};
    Index() {
        std::size_t row = 0;
        first[65536] = static_cast<std::uint16_t>(tables::phrases.size());
        for (std::size_t pair = 0; pair < 65536; ++pair) {
            while (row < tables::phrases.size() && pair_of(tables::phrases[row].text) < pair) {
                ++row;
            }
            first[pair] = static_cast<std::uint16_t>(row);
        }
    }
    static std::size_t pair_of(std::string_view key) noexcept {
        const auto high = static_cast<unsigned char>(key[0]);
        const auto low = key.size() > 1 ? static_cast<unsigned char>(key[1]) : 0U;
        return static_cast<std::size_t>(high) * 256 + low;
    }
};

const Index& index() {
    static const Index built;
    return built;
}

// One character of text as phrases are spelled: every blank and dash is one blank.
char phrase_char(char c) noexcept { return c == '-' || c == '_' ? ' ' : c; }

bool same_script_continues(unsigned char last, std::string_view text, std::size_t end,
                           bool currency) noexcept {
    if (end >= text.size()) {
        return false;
    }
    const char next = text[end];
    if (last < 0x80) {
        if (is_letter(static_cast<char>(last))) {
            return is_letter(next) || (is_digit(next) && !currency);
        }
        return is_digit(static_cast<char>(last)) && is_alnum(next);
    }
    return false;
}

// Alphabets whose words stand between blanks: Cyrillic, Hebrew, Arabic, Greek.
bool spaced_alphabet(unsigned char lead) noexcept {
    return (lead >= 0xcd && lead <= 0xd3) || lead == 0xd7 || (lead >= 0xd8 && lead <= 0xdb);
}

bool ends_word(std::string_view phrase, std::string_view text, std::size_t end,
               bool currency) noexcept {
    std::size_t lead = phrase.size() - 1;
    while (lead > 0 && (static_cast<unsigned char>(phrase[lead]) & 0xc0U) == 0x80U) {
        --lead;
    }
    const auto last = static_cast<unsigned char>(phrase[lead]);
    if (last < 0x80) {
        return !same_script_continues(last, text, end, currency);
    }
    if (!spaced_alphabet(last) || end >= text.size()) {
        return true;
    }
    return !spaced_alphabet(static_cast<unsigned char>(text[end]));
}

} // namespace

std::optional<PhraseMatch> find_phrase(std::string_view text, std::size_t at) noexcept {
    const auto phrases = tables::phrases;
    const auto high = static_cast<std::size_t>(static_cast<unsigned char>(phrase_char(text[at])));
    const auto low =
        at + 1 < text.size() ? static_cast<unsigned char>(phrase_char(text[at + 1])) : 0U;
    std::optional<PhraseMatch> best;
    // a phrase of one byte stands alone in its group
    const std::size_t single = index().first[high * 256];
    if (single < phrases.size() && phrases[single].text.size() == 1 &&
        phrases[single].text[0] == phrase_char(text[at]) &&
        ends_word(phrases[single].text, text, at + 1,
                  reading_of(static_cast<std::int32_t>(single), Kind::currency).has_value())) {
        best = PhraseMatch{static_cast<std::int32_t>(single), at + 1};
    }
    std::size_t first = index().first[high * 256 + low];
    std::size_t last = index().first[high * 256 + low + 1];
    std::size_t depth = 2;
    std::size_t pos = at + 2;
    if (low == ' ') { // a run of blanks counts once
        while (pos < text.size() && phrase_char(text[pos]) == ' ') {
            ++pos;
        }
    }
    while (first < last) {
        if (phrases[first].text.size() == depth) {
            const auto found = static_cast<std::int32_t>(first);
            if (ends_word(phrases[first].text, text, pos,
                          reading_of(found, Kind::currency).has_value())) {
                best = PhraseMatch{found, pos};
            }
            ++first;
            if (first >= last) {
                break;
            }
        }
        if (pos >= text.size()) {
            break;
        }
        const char c = phrase_char(text[pos]);
        const auto by_char = [depth](const Phrase& phrase, unsigned char wanted) {
            return static_cast<unsigned char>(phrase.text[depth]) < wanted;
        };
        const auto wanted = static_cast<unsigned char>(c);
        const auto from =
            std::lower_bound(phrases.begin() + static_cast<std::ptrdiff_t>(first),
                             phrases.begin() + static_cast<std::ptrdiff_t>(last), wanted, by_char);
        auto to = from;
        if (wanted < 0xff) {
            to = std::lower_bound(from, phrases.begin() + static_cast<std::ptrdiff_t>(last),
                                  static_cast<unsigned char>(wanted + 1), by_char);
        }
        first = static_cast<std::size_t>(from - phrases.begin());
        last = static_cast<std::size_t>(to - phrases.begin());
        ++depth;
        ++pos;
        if (c == ' ') {
            while (pos < text.size() && phrase_char(text[pos]) == ' ') {
                ++pos;
            }
        }
    }
    return best;
}

std::optional<std::int32_t> reading_of(std::int32_t phrase, Kind kind) noexcept {
    if (phrase < 0) {
        return std::nullopt;
    }
    const Phrase& row = tables::phrases[static_cast<std::size_t>(phrase)];
    for (std::size_t i = row.first; i < std::size_t{row.first} + row.readings; ++i) {
        if (tables::readings[i].kind == kind) {
            return tables::readings[i].value;
        }
    }
    return std::nullopt;
}

namespace {

// Where rows with these first one and two characters stand.
struct RowIndex {
    std::array<RowRange, 128> one{};
    std::array<RowRange, 128 * 128> two{};
    RowIndex() {
        const auto rows = tables::references;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto at = static_cast<std::int32_t>(i);
            const auto first = static_cast<std::size_t>(rows[i].key[0]);
            extend(one[first], at);
            if (rows[i].key.size() > 1) {
                extend(two[first * 128 + static_cast<std::size_t>(rows[i].key[1])], at);
            }
        }
    }
    static void extend(RowRange& range, std::int32_t row) {
        range.first = range.empty() ? row : range.first;
        range.last = row + 1;
    }
};

const RowIndex& row_index() {
    static const RowIndex built;
    return built;
}

} // namespace

RowRange all_rows() noexcept { return {0, static_cast<std::int32_t>(tables::references.size())}; }

RowRange narrow(RowRange range, std::size_t depth, char c) noexcept {
    const auto rows = tables::references;
    if (depth == 0) {
        return row_index().one[static_cast<std::size_t>(c) % 128];
    }
    if (depth == 1 && !range.empty()) {
        const auto before =
            static_cast<std::size_t>(rows[static_cast<std::size_t>(range.first)].key[0]);
        return row_index().two[before * 128 + static_cast<std::size_t>(c) % 128];
    }
    while (!range.empty() && rows[static_cast<std::size_t>(range.first)].key.size() <= depth) {
        ++range.first;
    }
    const auto key_char = [depth](const ReferenceRow& row) { return row.key[depth]; };
    const auto begin = rows.begin() + range.first;
    const auto end = rows.begin() + range.last;
    if (begin >= end) {
        return {0, 0};
    }
    const auto from = std::lower_bound(
        begin, end, c, [&](const ReferenceRow& row, char w) { return key_char(row) < w; });
    const auto to = std::upper_bound(
        from, end, c, [&](char w, const ReferenceRow& row) { return w < key_char(row); });
    return {static_cast<std::int32_t>(from - rows.begin()),
            static_cast<std::int32_t>(to - rows.begin())};
}

std::optional<std::int32_t> brand_index(std::string_view name) noexcept {
    const auto found = std::find(tables::brands.begin(), tables::brands.end(), name);
    if (found == tables::brands.end()) {
        return std::nullopt;
    }
    return static_cast<std::int32_t>(found - tables::brands.begin());
}

} // namespace vestari::parser
