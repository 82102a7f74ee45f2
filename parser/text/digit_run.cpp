#include "parser/text/digit_run.hpp"

#include "parser/tables/lookup.hpp"

namespace vestari::parser {

namespace {

constexpr std::size_t card_shortest = 13;
constexpr std::size_t card_longest = 19;

enum class Sort : std::uint8_t { other, digit, joint, plus };

constexpr auto sorts = [] {
    std::array<Sort, 256> table{};
    for (unsigned char c = '0'; c <= '9'; ++c) {
        table[c] = Sort::digit;
    }
    for (const char c : {' ', '-', '.', '\n', '(', ')', '/', '_'}) {
        table[static_cast<unsigned char>(c)] = Sort::joint;
    }
    table['+'] = Sort::plus;
    return table;
}();
constexpr Sort sort_of(char c) noexcept { return sorts[static_cast<unsigned char>(c)]; }

bool is_joint(char c) noexcept { return sort_of(c) == Sort::joint; }

bool passes_luhn(std::string_view digits) noexcept {
    int sum = 0;
    bool twice = false;
    for (std::size_t i = digits.size(); i-- > 0;) {
        int digit = digits[i] - '0';
        if (twice) {
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        }
        sum += digit;
        twice = !twice;
    }
    return sum % 10 == 0;
}

// Card numbers are written in groups of four (or 4-6-5); stock lists are not.
bool card_shape(std::string_view text, std::size_t at, std::size_t end) noexcept {
    std::size_t group = 0;
    std::size_t groups = 0;
    bool even = true;
    for (std::size_t i = at; i <= end; ++i) {
        if (i < end && is_digit(text[i])) {
            ++group;
        } else if (group > 0) {
            even = even && (group >= 4 || i == end);
            ++groups;
            group = 0;
        }
    }
    return groups == 1 || even;
}

} // namespace

bool is_reference(std::string_view digits) noexcept {
    RowRange range = all_rows();
    for (std::size_t i = 0; i < digits.size(); ++i) {
        range = narrow(range, digits[i]);
    }
    return !range.empty() &&
           tables::references[static_cast<std::size_t>(range.first)].key.size() == digits.size();
}

Run run_at(std::string_view text, std::size_t at, bool over_lines, std::size_t most) noexcept {
    Run run;
    std::size_t pos = at;
    bool in_group = false;
    while (pos < text.size() && run.digits < most) {
        const char c = text[pos];
        if (is_digit(c)) {
            run.groups += in_group ? 0 : 1;
            in_group = true;
            run.ends[run.digits] = static_cast<std::uint8_t>(pos + 1 - at);
            run.text[run.digits++] = c;
            run.to = ++pos;
            continue;
        }
        in_group = false;
        if (!is_joint(c) || (c == '\n' && !over_lines)) {
            break;
        }
        std::size_t next = pos + 1;
        while (next < text.size() && is_joint(text[next]) && next - pos < 3 &&
               (over_lines || text[next] != '\n')) {
            ++next;
        }
        if (!is_digit(at_or_zero(text, next))) {
            break;
        }
        pos = next;
    }
    return run;
}

// The longest card number that starts with the run's first digit; 0 when there is none.
std::size_t card_end(std::string_view text, std::size_t at) noexcept {
    if (text[at] < '2' || text[at] > '6') {
        return 0;
    }
    const Run run = run_at(text, at, true, card_longest + 1);
    for (std::size_t count = std::min(run.digits, card_longest); count >= card_shortest; --count) {
        const std::size_t end = at + run.ends[count - 1];
        const bool whole = count == run.digits || !is_digit(at_or_zero(text, end));
        const std::string_view digits{run.text.data(), count};
        if (whole && passes_luhn(digits) && !is_reference(digits)) {
            return card_shape(text, at, end) ? end : 0;
        }
    }
    return 0;
}

bool long_number(std::string_view text, std::size_t at) noexcept {
    std::size_t digits = 0;
    for (const char c : text.substr(at, 24)) {
        const Sort sort = sort_of(c);
        if (sort == Sort::other) {
            break;
        }
        digits += sort == Sort::digit ? 1U : 0U;
        if (digits >= 7) {
            return true;
        }
    }
    return false;
}

std::size_t phone_end(std::string_view text, std::size_t at) noexcept {
    const char before = at > 0 ? text[at - 1] : ' ';
    const bool plus = text[at] == '+' || (text[at] == '(' && at_or_zero(text, at + 1) == '+');
    if (plus || text[at] == '(') {
        const Run run = run_at(text, at + (text[at] == '(' && plus ? 2 : 1), false);
        if ((plus && run.digits >= 8) || (text[at] == '(' && run.digits == 10 && run.groups == 3)) {
            return run.to;
        }
        return 0;
    }
    if (!is_digit(text[at]) || is_alnum(before) || before == '/' || before == '.' ||
        before == ',') {
        return 0;
    }
    const Run run = run_at(text, at, false, 12); // one digit more than the longest form below
    const std::string_view surface = text.substr(at, run.to - at);
    if (is_alnum(at_or_zero(text, run.to))) {
        return 0;
    }
    // 555-0142, 212-555-0142, 07700 900123
    std::array<std::size_t, 6> sizes{};
    std::size_t groups = 0;
    std::size_t size = 0;
    for (std::size_t i = 0; i <= surface.size(); ++i) {
        if (i < surface.size() && is_digit(surface[i])) {
            ++size;
        } else if (size > 0) {
            if (groups < sizes.size()) {
                sizes[groups] = size;
            }
            ++groups;
            size = 0;
        }
    }
    const bool dashes = surface.find('-') != std::string_view::npos;
    if (groups == 2 && dashes && sizes[0] == 3 && sizes[1] == 4) {
        return run.to;
    }
    if (groups == 3 && sizes[0] == 3 && sizes[1] == 3 && sizes[2] == 4 && surface.size() == 12 &&
        surface[3] == surface[7]) {
        return run.to;
    }
    if (groups == 2 && sizes[0] == 5 && sizes[1] == 6 && surface[0] == '0') {
        return run.to;
    }
    return 0;
}

} // namespace vestari::parser
