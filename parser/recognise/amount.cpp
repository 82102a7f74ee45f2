// Amounts in every spelling of DOMAIN section 5: 13.5k, 36'500.-, 13 500 €, 1.05m, 8.8万, 9.2 lakh, 178jt, 三十六萬半.
#include <array>

#include "parser/recognise/recognise.hpp"
#include "parser/tables/lookup.hpp"

namespace vestari::parser {

namespace {

bool starts(std::string_view text, std::size_t at, std::string_view with) noexcept {
    return at < text.size() && text[at] == with[0] && text.substr(at, with.size()) == with;
}

// Groups whose currency is written with blanks between thousands.
bool blanks_group(const Message& message) noexcept {
    const auto currency =
        message.context->group_currency.value_or(message.context->account_currency);
    for (const std::string_view code :
         {"EUR", "RUB", "PLN", "SEK", "NOK", "DKK", "CZK", "CHF", "HUF", "UAH", "ZAR"}) {
        if (currency.code() == code) {
            return true;
        }
    }
    return false;
}

bool three_digits(std::string_view text, std::size_t at) noexcept {
    return is_digit(at_or_zero(text, at)) && is_digit(at_or_zero(text, at + 1)) &&
           is_digit(at_or_zero(text, at + 2)) && !is_digit(at_or_zero(text, at + 3));
}

// A letter O for a zero behind a thousands mark: 12,1OO.
bool oh_group(std::string_view text, std::size_t at) noexcept {
    bool oh = false;
    for (std::size_t i = 0; i < 3; ++i) {
        const char c = at_or_zero(text, at + i);
        if (!is_digit(c) && c != 'o') {
            return false;
        }
        oh = oh || c == 'o';
    }
    return oh && !is_alnum(at_or_zero(text, at + 3));
}

bool currency_follows(std::string_view text, std::size_t at) noexcept {
    while (at_or_zero(text, at) == ' ') {
        ++at;
    }
    if (at >= text.size()) {
        return false;
    }
    const auto match = find_phrase(text, at);
    return match && reading_of(match->phrase, Kind::currency).has_value();
}

struct Unit {
    std::int8_t power = 0;
    std::size_t end = 0;
    bool m = false;
};

// A multiplier at `at`, glued or behind one blank.
Unit unit_at(const Message& message, std::size_t at) noexcept {
    const std::string_view text = message.text();
    std::size_t pos = at;
    const bool blank = at_or_zero(text, pos) == ' ';
    pos += blank ? 1 : 0;
    if (pos >= text.size()) {
        return {};
    }
    const char c = text[pos];
    if ((c == 'k' || c == 'm' || c == 'w' || c == 'l') && !is_letter(at_or_zero(text, pos + 1))) {
        const char next = at_or_zero(text, pos + 1);
        if (c == 'w' && (blank || !message.asian_style)) {
            return {};
        }
        if (c == 'l') {
            const auto currency =
                message.context->group_currency.value_or(message.context->account_currency);
            return currency.code() == "INR" && !is_digit(next) ? Unit{5, pos + 1, false} : Unit{};
        }
        if (blank && is_digit(next)) {
            return {};
        }
        return {static_cast<std::int8_t>(c == 'k' ? 3 : c == 'm' ? 6 : 4), pos + 1, c == 'm'};
    }
    const auto match = find_phrase(text, pos);
    if (!match) {
        return {};
    }
    if (const auto power = reading_of(match->phrase, Kind::unit)) {
        return {static_cast<std::int8_t>(*power), match->end, false};
    }
    // units written together with their currency: 만원, 万円
    return {};
}

// "12 mil 500", "10 mila e 5", "22万5": what stands behind a multiplier still belongs to the number.
std::size_t add_rest(std::string_view text, std::size_t at, Amount& amount) noexcept {
    if (amount.decimals != 0 || amount.power < 3 || amount.power > 4) {
        return at;
    }
    std::size_t pos = at;
    if (amount.power == 3) {
        if (at_or_zero(text, pos) != ' ') {
            return at;
        }
        ++pos;
        const bool and_word = starts(text, pos, "e ") || starts(text, pos, "y ");
        pos += and_word ? 2 : 0;
        if (three_digits(text, pos) && !is_alnum(at_or_zero(text, pos + 3)) &&
            at_or_zero(text, pos + 3) != '.') {
            amount.digits = amount.digits * 1000 + std::int64_t{text[pos] - '0'} * 100 +
                            std::int64_t{text[pos + 1] - '0'} * 10 + (text[pos + 2] - '0');
            amount.power = 0;
            return pos + 3;
        }
        if (and_word && is_digit(at_or_zero(text, pos)) && !is_alnum(at_or_zero(text, pos + 1))) {
            amount.digits = amount.digits * 10 + (text[pos] - '0');
            amount.decimals = 1;
            return pos + 1;
        }
        return at;
    }
    if (starts(text, pos, "半")) {
        amount.digits = amount.digits * 10 + 5;
        amount.decimals = 1;
        return pos + 3;
    }
    if (is_digit(at_or_zero(text, pos)) && !is_alnum(at_or_zero(text, pos + 1))) {
        amount.digits = amount.digits * 10 + (text[pos] - '0');
        amount.decimals = 1;
        return pos + 1;
    }
    return at;
}

// The digits with their thousands and decimal marks.
std::size_t read_digits(const Message& message, std::size_t at, Amount& amount) {
    const std::string_view text = message.text();
    std::size_t pos = at;
    std::size_t group = 0; // digits since the last mark
    std::size_t total = 0;
    char last_mark = '\0';
    int marks = 0;
    std::size_t first_group = 0;
    bool oh = false;
    while (pos < text.size() && total < 15) {
        const char c = text[pos];
        if (is_digit(c) || (oh && c == 'o')) {
            amount.digits = amount.digits * 10 + (c == 'o' ? 0 : c - '0');
            ++group;
            ++total;
            ++pos;
            oh = oh && group < 3;
            continue;
        }
        const bool mark = c == ',' || c == '.' || c == '\'';
        if (total == 0 || group == 0 || (marks > 0 && group != 3) || !(mark || c == ' ')) {
            break;
        }
        if (c == ' ') {
            if (!three_digits(text, pos + 1) || group > 3 ||
                (last_mark != '\0' && last_mark != ' ') ||
                !(blanks_group(message) || currency_follows(text, pos + 4)) ||
                at_or_zero(text, pos + 4) == 'k' || at_or_zero(text, pos + 4) == '.' ||
                is_letter(at_or_zero(text, pos + 4))) {
                break;
            }
        } else if (!is_digit(at_or_zero(text, pos + 1)) && !oh_group(text, pos + 1)) {
            break;
        }
        oh = oh_group(text, pos + 1);
        if (marks == 0) {
            first_group = group;
        }
        last_mark = c;
        ++marks;
        group = 0;
        ++pos;
    }
    if (total == 0 || total >= 15) {
        return 0;
    }
    if (marks == 0) {
        amount.plain_digits = static_cast<std::uint8_t>(total);
    } else if (group == 3 && first_group <= 3) {
        amount.grouped = true;
        amount.three = marks == 1 && last_mark != ' ' && last_mark != '\'';
    } else {
        amount.decimals = static_cast<std::int8_t>(group);
    }
    // 41.900,00 : the last mark is the decimal one
    if (marks > 1 && group <= 2) {
        amount.grouped = true;
        amount.decimals = static_cast<std::int8_t>(group);
    }
    return pos;
}

} // namespace

std::size_t read_amount(const Message& message, std::size_t at, Amount& amount) {
    const std::string_view text = message.text();
    amount = {};
    std::size_t pos = read_digits(message, at, amount);
    if (pos == 0) {
        return 0;
    }
    // 41.900,00 is read in two steps: a grouped number, then ",00"
    if (amount.grouped && (at_or_zero(text, pos) == ',' || at_or_zero(text, pos) == '.') &&
        is_digit(at_or_zero(text, pos + 1)) && is_digit(at_or_zero(text, pos + 2)) &&
        !is_alnum(at_or_zero(text, pos + 3))) {
        amount.digits =
            amount.digits * 100 + std::int64_t{text[pos + 1] - '0'} * 10 + (text[pos + 2] - '0');
        amount.decimals = 2;
        amount.three = false;
        pos += 3;
    }
    for (const std::string_view tail : {",-", ".-", ",\u2014", ".\u2014", ",00", "-,"}) {
        if (starts(text, pos, tail) && !is_digit(at_or_zero(text, pos + tail.size()))) {
            pos += tail.size();
            break;
        }
    }
    if (const Unit unit = unit_at(message, pos); unit.end != 0) {
        if (amount.grouped && amount.three && unit.m) { // 1.135m: one decimal mark
            amount.decimals = 3;
            amount.grouped = false;
        }
        amount.power = unit.power;
        amount.unit_m = unit.m;
        pos = add_rest(text, unit.end, amount);
        amount.plain_digits = 0;
    }
    return pos;
}

std::size_t read_chinese_number(std::string_view text, std::size_t at, Amount& amount,
                                std::size_t& run_end) {
    static constexpr std::array<std::string_view, 13> digits{
        "零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "两", "兩", "〇"};
    static constexpr std::array<int, 13> values{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 2, 0};
    std::int64_t total = 0;
    std::int64_t section = 0;
    std::int64_t digit = -1;
    std::int64_t last_unit = 1;
    bool man = false;
    bool beyond = false; // more than any watch costs
    std::size_t pos = at;
    run_end = at;
    while (pos + 3 <= text.size()) {
        const std::string_view c = text.substr(pos, 3);
        const auto found = std::find(digits.begin(), digits.end(), c);
        if (found != digits.end()) {
            digit = values[static_cast<std::size_t>(found - digits.begin())];
            if (digit == 0) {
                digit = -1;
                last_unit = 1;
            }
        } else if (c == "十" || c == "百" || c == "千") {
            const std::int64_t unit = c == "十" ? 10 : c == "百" ? 100 : 1000;
            section += (digit < 0 ? 1 : digit) * unit;
            last_unit = unit;
            digit = -1;
        } else if (c == "万" || c == "萬") {
            section += digit < 0 ? 0 : digit;
            total += section * 10000;
            section = 0;
            digit = -1;
            last_unit = 10000;
            man = true;
        } else if (c == "半" && man) {
            section += last_unit / 2;
        } else {
            break;
        }
        pos += 3;
        run_end = pos;
        if (total > 100'000'000'000 || section > 100'000'000) {
            beyond = true;
            total = section = 0;
        }
    }
    if (!man || beyond) {
        return 0;
    }
    total +=
        section + (digit < 0 ? 0
                             : digit * (last_unit > 1 ? last_unit / 10
                                                      : 1)); // 八萬八: the last digit is a thousand
    amount = {};
    amount.digits = total;
    amount.spelled = true;
    amount.grouped = true;
    return total > 0 ? pos : 0;
}

} // namespace vestari::parser
