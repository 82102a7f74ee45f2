// References: from the catalogue in every spelling dealers use, else by the form of a maker (DOMAIN section 4).
#include <array>

#include "parser/recognise/reference_parts.hpp"

namespace vestari::parser {

namespace {

// Do the marks of the text stand where the canonical spelling has marks, or between a letter and a digit?
bool marks_fit(std::string_view surface, const ReferenceRow& row, bool& spaced) noexcept {
    const std::string_view canonical = row.canonical;
    const bool letters = has_letter(row.key) || row.key.size() > 10;
    std::size_t c = 0;
    std::size_t read = 0; // letters and digits so far
    for (std::size_t i = 0; i < surface.size(); ++i) {
        if (is_alnum(surface[i])) {
            while (c < canonical.size() && static_cast<unsigned char>(canonical[c]) < 0x80 &&
                   !is_alnum(static_cast<char>(canonical[c] | 0x20)) && !is_digit(canonical[c])) {
                ++c;
            }
            ++c;
            ++read;
            continue;
        }
        spaced = spaced || surface[i] == ' ';
        const char next = c < canonical.size() ? canonical[c] : '\0';
        const bool canonical_mark =
            next != '\0' && !is_digit(next) && !is_letter(static_cast<char>(next | 0x20));
        if (canonical_mark) {
            continue;
        }
        const char before = surface[i - 1];
        const char after = at_or_zero(surface, i + 1);
        const bool changes = is_digit(before) != is_digit(after);
        if (changes && surface[i] != '/') {
            continue;
        }
        if ((surface[i] == ' ' || surface[i] == '-') && letters && read >= 2) {
            continue;
        }
        return false;
    }
    return true;
}

struct Found {
    std::int32_t row = -1;
    std::size_t end = 0;
    bool repaired = false;
    bool dropped_tail = false;
};

// O for 0 and I or L for 1 where a digit must stand.
char repaired_char(char c) noexcept {
    switch (c) {
    case 'o': return '0';
    case 'i':
    case 'l': return '1';
    case '0': return 'o';
    default: return '\0';
    }
}

Found walk(std::string_view text, std::size_t at, RowRange range, std::size_t depth) {
    Found best;
    bool repaired = false;
    int marks = 0;
    std::size_t pos = at;
    while (pos < text.size() && pos - at < 40) {
        const char c = text[pos];
        if (is_alnum(c)) {
            RowRange next = narrow(range, c);
            if (next.empty() && depth >= 3 && repaired_char(c) != '\0') {
                next = narrow(range, repaired_char(c));
                repaired = repaired || !next.empty();
            }
            if (next.empty()) {
                break;
            }
            range = next;
            ++depth;
            ++pos;
            const ReferenceRow& row = row_at(range.first);
            if (row.key.size() != depth) {
                continue;
            }
            std::size_t end = pos;
            bool spaced = false;
            bool tail = false;
            if (!ends_here(text, end)) {
                const std::size_t drop =
                    row.brand == brands().rolex && !has_letter(row.key) && depth >= 5
                        ? dial_tail(text, end)
                        : 0;
                tail = drop != 0;
                end += drop;
            }
            if (ends_here(text, end) && marks_fit(text.substr(at, pos - at), row, spaced)) {
                best = {range.first, end, repaired, tail};
            }
        } else if ((c == '.' || c == '/' || c == '-' || c == ' ') && depth > 0 &&
                   is_alnum(at_or_zero(text, pos + 1)) && ++marks <= 6) {
            ++pos;
        } else {
            break;
        }
    }
    return best;
}

// A Rolex or Patek stem that the catalogue has only with letters behind it.
std::size_t read_stem(std::string_view text, std::size_t at, Ident& ident) {
    std::size_t digits = 0;
    RowRange range = all_rows();
    while (is_digit(at_or_zero(text, at + digits)) && digits < 7 && !range.empty()) {
        range = narrow(range, text[at + digits]);
        ++digits;
    }
    if (range.empty() || (digits != 5 && digits != 6)) {
        return 0;
    }
    std::size_t end = at + digits;
    if (!ends_here(text, end)) {
        end += dial_tail(text, end);
    }
    if (!ends_here(text, end)) {
        return 0;
    }
    std::int32_t first = range.first;
    while (first < range.last && row_at(first).key.size() == digits) {
        ++first;
    }
    for (std::int32_t i = first; i < range.last; ++i) {
        const auto& row = row_at(i);
        const bool letters_only = std::all_of(row.key.begin() + static_cast<std::ptrdiff_t>(digits),
                                              row.key.end(), is_letter);
        if ((row.brand != brands().rolex && row.brand != brands().tudor) || !letters_only) {
            return 0;
        }
    }
    if (first == range.last) {
        return 0;
    }
    fill(ident, first);
    ident.rule = "reference.stem";
    if (range.last - first == 1 && ident.brand == brands().rolex) {
        return end;
    }
    ident.reference = std::string{text.substr(at, digits)};
    ident.stem = true;
    ident.row = -1;
    ident.first = first;
    ident.last = range.last;
    for (std::int32_t i = first; i < range.last; ++i) {
        ident.low = ident.low == 0
                        ? row_at(i).low
                        : std::min(ident.low, row_at(i).low == 0 ? ident.low : row_at(i).low);
        ident.high = std::max(ident.high, row_at(i).high);
    }
    return end;
}

// Four digits, or a number that could be a price, count as a reference only in its place; items decide (resolve).
bool is_weak(const ReferenceRow& row, std::int32_t in_force) noexcept {
    if (row.key.size() <= 4 && !has_letter(row.key)) {
        return true;
    }
    const bool dotted_price =
        row.key.size() == 6 && !has_letter(row.key) && row.canonical.size() == 7;
    return dotted_price && row.brand != in_force;
}

} // namespace

bool complete_by_suffix(Ident& ident, std::string_view suffix) {
    for (std::int32_t i = ident.first; i < ident.last; ++i) {
        const ReferenceRow& row = row_at(i);
        if (row.canonical.size() > suffix.size() &&
            row.canonical.substr(row.canonical.size() - suffix.size()) == suffix &&
            is_digit(row.canonical[row.canonical.size() - suffix.size() - 1])) {
            const bool repaired = ident.repaired;
            fill(ident, i);
            ident.repaired = repaired;
            ident.rule = "reference.completed";
            return true;
        }
    }
    return false;
}

namespace {

// Which two characters open a row that starts with a letter.
class Openings {
public:
    Openings() {
        for (const ReferenceRow& row : tables::references) {
            if (is_letter(row.key[0]) && row.key.size() > 1) {
                open_[index_of(row.key[0])] |= std::uint64_t{1} << index_of(row.key[1]);
            }
        }
    }
    bool open(char letter, char next) const noexcept {
        return (open_[index_of(letter)] >> index_of(next) & 1U) != 0;
    }

private:
    static std::size_t index_of(char c) noexcept {
        return static_cast<std::size_t>(is_digit(c) ? c - '0' + 26 : c - 'a');
    }
    std::array<std::uint64_t, 26> open_{};
};

// Most words open like no reference: neither the catalogue's nor a maker's form, which has a digit among its first four.
bool plain_word(std::string_view text, std::size_t at) {
    const char next = at_or_zero(text, at + 1);
    if (!is_letter(text[at]) || !is_letter(next) || is_digit(at_or_zero(text, at + 2)) ||
        is_digit(at_or_zero(text, at + 3)) || (text[at] == 'r' && next == 'm') ||
        (text[at] == 'p' && next == 'a') || (text[at] == 'c' && next == 'r')) {
        return false;
    }
    static const Openings openings;
    return !openings.open(text[at], next);
}

// 12,400: up to four digits before a comma and more digits open no reference.
bool grouped_amount(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < at + 4 && is_digit(at_or_zero(text, end))) {
        ++end;
    }
    return end > at && at_or_zero(text, end) == ',' && is_digit(at_or_zero(text, end + 1));
}

} // namespace

// NOLINTNEXTLINE(readability-function-size): the ways to a reference, tried in their order
std::size_t read_reference(const Message& message, std::size_t at, std::int32_t in_force,
                           Ident& ident) {
    const std::string_view text = message.text();
    const char c = text[at];
    if (!is_alnum(c) || plain_word(text, at)) {
        return 0;
    }
    if (is_digit(c) && in_force != brands().iwc && in_force != brands().jlc &&
        grouped_amount(text, at)) {
        return 0;
    }
    if (c == 'r' || is_digit(c)) {
        if (const std::size_t end = read_richard_mille(message, at, in_force, ident); end != 0) {
            return end;
        }
    }
    if (c == 'p') {
        if (const std::size_t end = read_panerai(text, at, ident); end != 0) {
            return end;
        }
    }
    std::size_t from = at;
    if (c == 'm' && is_digit(at_or_zero(text, at + 1))) {
        from = at + 1;
    } else if (c == 'c' && at_or_zero(text, at + 1) == 'r' && at_or_zero(text, at + 2) == 'w') {
        from = at + 2;
    }
    Found found = walk(text, from, all_rows(), 0);
    if (found.row < 0 && is_digit(c) && (in_force == brands().iwc || in_force == brands().jlc)) {
        const std::string_view prefix = in_force == brands().iwc ? "iw" : "q";
        RowRange range = all_rows();
        for (const char p : prefix) {
            range = narrow(range, p);
        }
        found = walk(text, at, range, prefix.size());
    }
    if (found.row >= 0) {
        const ReferenceRow& row = row_at(found.row);
        const bool own_brand = row.brand == in_force;
        const bool fashion = row.brand == brands().hermes || row.brand == brands().chanel;
        const bool wants_brand = row.brand == brands().nomos || (fashion && row.key.size() < 4);
        const bool behind_mark =
            from == at + 1 && row.brand != brands().rolex && row.brand != brands().tudor;
        const bool too_little = wants_brand && !own_brand;
        if (too_little || behind_mark) {
            found.row = -1;
        }
    }
    if (found.row >= 0) {
        // 126334 inside 126,334 or 16710 before a decimal is an amount
        const ReferenceRow row = row_at(found.row);
        const char next = at_or_zero(text, found.end);
        if (!has_letter(row.key) && (next == ',' || next == '.') &&
            is_digit(at_or_zero(text, found.end + 1)) && row.brand != brands().omega &&
            row.key.size() <= 6) {
            found.row = -1;
        }
    }
    if (found.row >= 0) {
        const ReferenceRow row = row_at(found.row);
        fill(ident, found.row);
        ident.repaired = found.repaired;
        ident.weak = is_weak(row, in_force);
        if (found.dropped_tail) {
            ident.rule = "reference.dial_tail";
        }
        // a longer reference of the same form that the catalogue lacks keeps its precision
        const char mark = at_or_zero(text, found.end);
        if ((mark == '.' || mark == '/' || mark == '-') &&
            is_alnum(at_or_zero(text, found.end + 1))) {
            Ident longer;
            const std::size_t digits_end =
                is_digit(text[from]) ? read_digits_form(text, from, longer) : 0;
            if (digits_end > found.end && longer.brand == row.brand) {
                longer.low = ident.low;
                longer.high = ident.high;
                ident = longer;
                return digits_end;
            }
            const std::size_t form_end = read_form(text, from, in_force, longer);
            if (form_end > found.end && longer.brand == row.brand) {
                longer.low = ident.low;
                longer.high = ident.high;
                ident = longer;
                return form_end;
            }
        }
        return web_tail(text, found.end, row.brand);
    }
    if (is_digit(text[from])) {
        if (const std::size_t end = read_stem(text, from, ident); end != 0) {
            const char next = at_or_zero(text, end);
            if (!((next == ',' || next == '.') && is_digit(at_or_zero(text, end + 1)))) {
                return web_tail(text, end, ident.brand);
            }
        }
        if (const std::size_t end = read_digits_form(text, from, ident); end != 0) {
            const char next = at_or_zero(text, end);
            if (!(ident.weak && (next == ',' || next == '.') &&
                  is_digit(at_or_zero(text, end + 1)))) {
                return web_tail(text, end, ident.brand);
            }
        }
        if (in_force == brands().lange && at + 7 <= text.size() && text[at + 3] == '.' &&
            ends_here(text, at + 7)) {
            unknown(ident, brands().lange, std::string{text.substr(at, 7)}, "reference.form");
            if (std::all_of(ident.reference.begin(), ident.reference.end(),
                            [](char d) { return is_digit(d) || d == '.'; })) {
                return at + 7;
            }
        }
    }
    return read_form(text, from, in_force, ident);
}

} // namespace vestari::parser
