// Card dates: N3/26, U1/2024, 05/2023, 2024/5, Mar '22, 2025年8月, y23, '23, 2021y (DOMAIN section 1.2).
#include "parser/recognise/recognise.hpp"
#include "parser/tables/lookup.hpp"

namespace vestari::parser {

namespace {

struct Digits {
    int value = 0;
    std::size_t count = 0;
};

Digits digits_at(std::string_view text, std::size_t at) noexcept {
    Digits found;
    while (found.count < 9 && is_digit(at_or_zero(text, at + found.count))) {
        found.value = found.value * 10 + (text[at + found.count] - '0');
        ++found.count;
    }
    return found;
}

int full_year(Digits digits, int this_year) noexcept {
    if (digits.count == 4) {
        return digits.value >= 1930 && digits.value <= this_year + 1 ? digits.value : 0;
    }
    if (digits.count == 2) {
        const int year = digits.value + (digits.value <= this_year - 2000 + 1 ? 2000 : 1900);
        return year >= 1950 ? year : 0;
    }
    return 0;
}

bool month_ok(Digits digits) noexcept {
    return digits.count <= 2 && digits.value >= 1 && digits.value <= 12;
}

bool starts(std::string_view text, std::size_t at, std::string_view with) noexcept {
    return at < text.size() && text[at] == with[0] && text.substr(at, with.size()) == with;
}

// An optional "y" behind a year, then the end of the word.
std::size_t end_of_year(std::string_view text, std::size_t at) noexcept {
    if (at_or_zero(text, at) == 'y' && !is_alnum(at_or_zero(text, at + 1))) {
        return at + 1;
    }
    if (starts(text, at, "yr") && !is_alnum(at_or_zero(text, at + 2))) {
        return at + 2;
    }
    return is_alnum(at_or_zero(text, at)) ? 0 : at;
}

std::size_t read_code(std::string_view text, std::size_t at, int this_year, Date& date) {
    const char code = text[at];
    std::size_t pos = at + 1;
    if (at_or_zero(text, pos) == ' ' || at_or_zero(text, pos) == '-') {
        // "N 3/26": only before a month and a year
        const Digits month = digits_at(text, pos + 1);
        if (!month_ok(month) || at_or_zero(text, pos + 1 + month.count) != '/') {
            return 0;
        }
        ++pos;
    }
    const Digits first = digits_at(text, pos);
    if (first.count == 0 || first.count > 6) {
        return 0;
    }
    pos += first.count;
    date.code = code;
    const char mark = at_or_zero(text, pos);
    if ((mark == '-' || mark == '~') && month_ok(first) && at_or_zero(text, pos + 1) == code) {
        Date last; // N1-N3/26: the months differ, the year holds
        const std::size_t end = read_code(text, pos + 1, this_year, last);
        if (end != 0) {
            date.year = last.year;
            return end;
        }
    }
    if ((mark == '/' || mark == '-' || mark == '.') && month_ok(first)) {
        const Digits second = digits_at(text, pos + 1);
        const int year = full_year(second, this_year);
        if (year != 0) {
            date.month = static_cast<std::int8_t>(first.value);
            date.year = static_cast<std::int16_t>(year);
            return end_of_year(text, pos + 1 + second.count);
        }
    }
    if (first.count <= 2) {
        if (month_ok(first)) {
            date.month = static_cast<std::int8_t>(first.value);
        } else if (const int year = full_year(first, this_year); year >= 2000) {
            date.year = static_cast<std::int16_t>(year);
        } else {
            return 0;
        }
        return end_of_year(text, pos);
    }
    const int tail_digits = first.count >= 5 ? 4 : 2;
    if (const int year = full_year(first, this_year); first.count == 4 && year != 0) {
        date.year = static_cast<std::int16_t>(year);
        return end_of_year(text, pos);
    }
    const int base = tail_digits == 4 ? 10000 : 100;
    const Digits month{first.value / base, 1};
    const int year =
        full_year({first.value % base, static_cast<std::size_t>(tail_digits)}, this_year);
    if (!month_ok(month) || year < 2000) {
        return 0;
    }
    date.month = static_cast<std::int8_t>(month.value);
    date.year = static_cast<std::int16_t>(year);
    return end_of_year(text, pos);
}

// 年 and 月 with their Korean and written siblings.
std::size_t read_east_asian(std::string_view text, std::size_t at, Digits first, int this_year,
                            Date& date) {
    std::size_t pos = at + first.count;
    if (at_or_zero(text, pos) == ' ') {
        ++pos;
    }
    const bool year_sign = starts(text, pos, "年") || starts(text, pos, "년");
    const bool month_sign = starts(text, pos, "月") || starts(text, pos, "월");
    if (month_sign && month_ok(first)) {
        pos += 3;
        const Digits day = digits_at(text, at_or_zero(text, pos) == ' ' ? pos + 1 : pos);
        const std::size_t after = pos + (at_or_zero(text, pos) == ' ' ? 1U : 0U) + day.count;
        if (day.count > 0 &&
            (starts(text, after, "日") || starts(text, after, "일") || starts(text, after, "号"))) {
            date.nothing = true;
            return after + 3;
        }
        date.month = static_cast<std::int8_t>(first.value);
        return pos;
    }
    const int year = full_year(first, this_year);
    if (!year_sign || year == 0) {
        return 0;
    }
    date.year = static_cast<std::int16_t>(year);
    pos += 3;
    const std::size_t gap = at_or_zero(text, pos) == ' ' ? 1 : 0;
    const Digits month = digits_at(text, pos + gap);
    const std::size_t after = pos + gap + month.count;
    if (month_ok(month) && (starts(text, after, "月") || starts(text, after, "월"))) {
        date.month = static_cast<std::int8_t>(month.value);
        return after + 3;
    }
    return pos;
}

std::size_t read_slashed(std::string_view text, std::size_t at, Digits first, int this_year,
                         Date& date) {
    const std::size_t pos = at + first.count;
    const char mark = at_or_zero(text, pos);
    const Digits second = digits_at(text, pos + 1);
    if ((mark != '/' && mark != '.' && mark != '-') || second.count == 0) {
        return 0;
    }
    const std::size_t after = pos + 1 + second.count;
    const Digits third = at_or_zero(text, after) == mark ? digits_at(text, after + 1) : Digits{};
    if (third.count == 4 && full_year(third, this_year) != 0 && first.count <= 2 &&
        second.count <= 2) {
        // day and month in the region's order; the year is sure, the month where only one order is possible
        date.year = static_cast<std::int16_t>(third.value);
        date.month = static_cast<std::int8_t>(second.value <= 12  ? second.value
                                              : first.value <= 12 ? first.value
                                                                  : 0);
        return end_of_year(text, after + 1 + third.count);
    }
    if (third.count != 0) {
        return 0;
    }
    if (first.count == 4 && full_year(first, this_year) != 0 && month_ok(second) && mark != '.') {
        date.year = static_cast<std::int16_t>(first.value);
        date.month = static_cast<std::int8_t>(second.value);
        return end_of_year(text, after);
    }
    const int year = full_year(second, this_year);
    if (month_ok(first) && year != 0 && (second.count == 4 || (mark == '/' && year >= 2000))) {
        date.month = static_cast<std::int8_t>(first.value);
        date.year = static_cast<std::int16_t>(year);
        const std::size_t end = end_of_year(text, after);
        // 10/10 and 9/10 are grades, 1/2 a share; only a plausible card year is a date
        return second.count == 2 && second.value <= 10 && first.value >= 7 ? 0 : end;
    }
    return 0;
}

std::size_t read_named(std::string_view text, std::size_t at, int this_year, Date& date) {
    const auto match = find_phrase(text, at);
    const auto month = match ? reading_of(match->phrase, Kind::month) : std::nullopt;
    if (!month) {
        return 0;
    }
    std::size_t pos = match->end;
    while (at_or_zero(text, pos) == ' ' || at_or_zero(text, pos) == '\'' ||
           at_or_zero(text, pos) == '.' || at_or_zero(text, pos) == '/' ||
           at_or_zero(text, pos) == ',' || at_or_zero(text, pos) == '-') {
        ++pos;
    }
    const Digits digits = digits_at(text, pos);
    const int year = full_year(digits, this_year);
    if (year < 1990 || is_alnum(at_or_zero(text, pos + digits.count))) {
        return 0;
    }
    // "mar 22.5k" is a price
    const char next = at_or_zero(text, pos + digits.count);
    if ((next == '.' || next == ',') && is_digit(at_or_zero(text, pos + digits.count + 1))) {
        return 0;
    }
    date.month = static_cast<std::int8_t>(*month);
    date.year = static_cast<std::int16_t>(year);
    return pos + digits.count;
}

} // namespace

// NOLINTNEXTLINE(readability-function-size): the forms of a date, tried in their order
std::size_t read_date(std::string_view text, std::size_t at, int this_year, Date& date) {
    const char c = text[at];
    date = {};
    if (c == 'n' || c == 'u') {
        if (const std::size_t end = read_code(text, at, this_year, date); end != 0) {
            return end;
        }
    }
    date = {};
    if (c == '\'' || c == 'y') {
        const Digits digits = digits_at(text, at + 1);
        const int year = full_year(digits, this_year);
        if (year != 0 && !is_alnum(at_or_zero(text, at + 1 + digits.count))) {
            date.year = static_cast<std::int16_t>(year);
            return at + 1 + digits.count;
        }
    }
    if (is_letter(c) || static_cast<unsigned char>(c) >= 0xc0) {
        return read_named(text, at, this_year, date);
    }
    if (!is_digit(c)) {
        return 0;
    }
    const Digits first = digits_at(text, at);
    if (const std::size_t end = read_east_asian(text, at, first, this_year, date); end != 0) {
        return end;
    }
    if (const std::size_t end = read_slashed(text, at, first, this_year, date); end != 0) {
        return end;
    }
    date = {};
    const std::size_t pos = at + first.count;
    const int year = full_year(first, this_year);
    const char next = at_or_zero(text, pos);
    if (year == 0) {
        return 0;
    }
    if (next == 'y' && !is_alnum(at_or_zero(text, pos + 1))) {
        date.year = static_cast<std::int16_t>(year);
        return pos + 1;
    }
    if (next == '\'' && first.count == 2 && !is_alnum(at_or_zero(text, pos + 1))) {
        date.year = static_cast<std::int16_t>(year);
        return pos + 1;
    }
    if (first.count != 4 || is_alnum(next)) {
        return 0;
    }
    if ((next == '.' || next == ',') && is_digit(at_or_zero(text, pos + 1))) {
        return 0; // 2.050 or 2024,5
    }
    date.year = static_cast<std::int16_t>(year);
    if (next == '+') {
        date.open = true;
        return pos + 1;
    }
    if (next == '-' || next == '~') {
        const Digits last = digits_at(text, pos + 1);
        if (full_year(last, this_year) != 0 && !is_alnum(at_or_zero(text, pos + 1 + last.count))) {
            date.nothing = true;
            return pos + 1 + last.count;
        }
    }
    date.bare = true;
    return pos;
}

} // namespace vestari::parser
