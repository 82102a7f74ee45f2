// Numbers: amounts, and what looks like one and counts or measures something else.
#include "parser/recognise/scanner.hpp"
#include "parser/tables/lookup.hpp"

namespace vestari::parser {

void Scanner::number() {
    Amount amount;
    const std::size_t end = read_amount(m_, at_, amount);
    if (end == 0 || end > limit_) {
        std::size_t pos = at_;
        while (is_digit(at_or_zero(text_, pos))) {
            ++pos;
        }
        add(Kind::word, std::max(pos, at_ + 1), 1);
        return;
    }
    if (add_grade_or_percent(end, amount)) {
        return;
    }
    if (amount.power == 0 && amount.plain_digits > 0 && amount.plain_digits <= 4 &&
        add_counted(end, amount.digits)) {
        return;
    }
    if (amount.power == 3 && amount.decimals == 0 && amount.digits == 18 &&
        add_counted(at_ + 2, 18)) {
        return;
    }
    // digits inside an unknown code: "7A9X31Q2", "12x10x8"
    const char next = at_or_zero(text_, end);
    const bool tether = next == 'u' && !is_alnum(at_or_zero(text_, end + 1));
    if (is_letter(next) && amount.power == 0 && !tether && !find_phrase(text_, end)) {
        std::size_t pos = end;
        while (is_alnum(at_or_zero(text_, pos))) {
            ++pos;
        }
        add(Kind::word, pos, 1);
        return;
    }
    m_.amounts.push_back(amount);
    add(Kind::amount, end, static_cast<std::int32_t>(m_.amounts.size() - 1));
}

bool Scanner::add_quantity() { // x3, *2, ×3
    const char c = text_[at_];
    if ((c != 'x' && c != '*') || !is_digit(at_or_zero(text_, at_ + 1))) {
        return false;
    }
    std::size_t pos = at_ + 1;
    int value = 0;
    while (is_digit(at_or_zero(text_, pos)) && pos - at_ < 4) {
        value = value * 10 + (text_[pos] - '0');
        ++pos;
    }
    if (text_.substr(pos, 3) == "pcs") {
        pos += 3;
    } else if (text_.substr(pos, 2) == "pc") {
        pos += 2;
    }
    if (is_alnum(at_or_zero(text_, pos)) || at_or_zero(text_, pos) == '.' || value == 0 ||
        value > 99) {
        return false;
    }
    add(Kind::quantity, pos, value);
    return true;
}

// Numbers that are no amounts: sizes, times, ordinals, counts. Gives the mark's kind and end.
bool Scanner::add_counted(std::size_t digits_end, std::int64_t value) {
    std::size_t pos = digits_end;
    while (at_or_zero(text_, pos) == ' ') {
        ++pos;
    }
    std::size_t end = pos;
    while (end < text_.size() && is_letter(text_[end])) {
        ++end;
    }
    const std::string_view word = text_.substr(pos, end - pos);
    const bool glued = pos == digits_end;
    const auto is = [word](std::initializer_list<std::string_view> list) {
        return !word.empty() && std::find(list.begin(), list.end(), word) != list.end();
    };
    if (is({"pcs", "pc", "pieces", "units", "stuck", "stk", "pz", "pzs", "unidades"}) &&
        value > 0 && value <= 200) {
        add(Kind::quantity, end, static_cast<std::int32_t>(value));
        return true;
    }
    if (is({"links", "link"})) {
        add(Kind::part, end, 1);
        return true;
    }
    if (word == "x" && value > 0 && value <= 50 && (!is_digit(at_or_zero(text_, end)) || glued)) {
        add(Kind::quantity, end, static_cast<std::int32_t>(value));
        return true;
    }
    if ((glued && is({"st", "nd", "rd", "th", "mm", "pm", "am", "h", "ct", "kt", "atm", "hz"})) ||
        is({"mm",          "cm",    "inch",    "pm",       "am",     "hrs",   "hr",   "hours",
            "hour",        "min",   "mins",    "days",     "day",    "weeks", "week", "months",
            "month",       "years", "yrs",     "yr",       "motif",  "oz",    "km",   "lb",
            "lbs",         "kg",    "members", "warnings", "jewels", "dia",   "gram", "grams",
            "anniversary", "jahre", "anni",    "ans",      "anos",   "лет",   "dias", "tage"}) ||
        (value == 18 && word == "k" && !is_digit(at_or_zero(text_, end)) && !is_price(end))) {
        add(Kind::word, end, 1);
        return true;
    }
    if (at_or_zero(text_, digits_end) == ':' && is_digit(at_or_zero(text_, digits_end + 1)) &&
        is_digit(at_or_zero(text_, digits_end + 2)) && value < 25) {
        std::size_t stop = digits_end + 3;
        while (is_digit(at_or_zero(text_, stop)) || at_or_zero(text_, stop) == ':') {
            ++stop;
        }
        add(Kind::word, stop, 1);
        return true;
    }
    return false;
}

// "hard call 126711CHNR, 18k": behind a sign or an asking word, or last behind a watch, it is money and not gold.
bool Scanner::is_price(std::size_t end) const {
    if (m_.marks.empty()) {
        return false;
    }
    const Mark& last = m_.marks.back();
    if (last.kind == Kind::currency || last.kind == Kind::cue) {
        return true;
    }
    bool watch = false;
    for (std::size_t i = m_.marks.size(); i-- > 0 && m_.marks[i].kind != Kind::newline;) {
        if (m_.marks[i].kind == Kind::amount || m_.marks[i].kind == Kind::metal) {
            return false;
        }
        watch = watch || m_.marks[i].kind == Kind::reference;
        if (watch || m_.marks.size() - i > 40) {
            break;
        }
    }
    const std::string_view rest = text_.substr(end, 9);
    const std::size_t next = rest.find_first_not_of(' ');
    if (!watch || next == std::string_view::npos || rest[next] == '\n' || rest[next] == '.' ||
        rest[next] == '!' || rest[next] == '?') {
        return watch;
    }
    for (const std::string_view word :
         {"shipped", "net", "usd", "firm", "obo", "wire", "cash", "eur", "max"}) {
        if (rest.substr(next).starts_with(word)) {
            return true;
        }
    }
    return false;
}

bool Scanner::add_grade_or_percent(std::size_t end, const Amount& amount) {
    if (at_or_zero(text_, end) == '%' ||
        (at_or_zero(text_, end) == ' ' && at_or_zero(text_, end + 1) == '%')) {
        m_.amounts.push_back(amount);
        add(Kind::percent, text_.find('%', end) + 1,
            static_cast<std::int32_t>(m_.amounts.size() - 1));
        return true;
    }
    if (at_or_zero(text_, end) == '/' && text_.substr(end + 1, 2) == "10" &&
        !is_alnum(at_or_zero(text_, end + 3)) && amount.power == 0 && !amount.grouped) {
        const std::int64_t tenths = amount.decimals == 0 ? amount.digits * 10 : amount.digits;
        if (tenths <= 100 && tenths >= 50) {
            add(Kind::condition, end + 3,
                static_cast<std::int32_t>(tenths >= 98 ? Condition::like_new : Condition::used));
            return true;
        }
    }
    return false;
}

bool Scanner::add_chinese_number(char c) {
    if (static_cast<unsigned char>(c) >= 0xe4 && at_ >= numerals_end_) {
        Amount amount;
        if (const std::size_t end = read_chinese_number(text_, at_, amount, numerals_end_);
            end != 0 && end <= limit_) {
            m_.amounts.push_back(amount);
            add(Kind::amount, end, static_cast<std::int32_t>(m_.amounts.size() - 1));
            return true;
        }
    }
    return false;
}

} // namespace vestari::parser
