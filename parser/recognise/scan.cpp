#include "parser/recognise/recognise.hpp"
#include "parser/tables/lookup.hpp"
#include "parser/text/sensitive.hpp"

namespace vestari::parser {

namespace {

int year_of(const Context& context) noexcept {
    const std::chrono::year_month_day day{context.sent_at};
    const int year = static_cast<int>(day.year());
    return year >= 2000 && year < 2100 ? year : 2026;
}

class Scanner {
public:
    explicit Scanner(Message& message)
        : m_{message}, text_{message.folded.text}, year_{year_of(*message.context)} {}

    void run() {
        const bool ringgit =
            m_.context->group_currency && m_.context->group_currency->code() == "MYR";
        for (std::size_t i = 0; ringgit && i < tables::currencies.size(); ++i) {
            ringgit_index_ =
                tables::currencies[i].code == "MYR" ? static_cast<std::int32_t>(i) : ringgit_index_;
        }
        std::size_t hidden = 0;
        for (at_ = skip_export_prefix(0); at_ < text_.size();) {
            if (hidden < m_.hidden.size() && at_ >= m_.hidden[hidden].from) {
                const std::size_t end = m_.hidden[hidden++].to;
                if (end > at_) {
                    add(Kind::hidden, end, 0);
                }
                continue;
            }
            limit_ = hidden < m_.hidden.size() ? m_.hidden[hidden].from : text_.size();
            const char c = text_[at_];
            if (c == ' ') {
                ++at_;
            } else if (c == '\n') {
                add(Kind::newline, at_ + 1, 0);
                brand_ = line_brand_;
                at_ = skip_export_prefix(at_);
            } else {
                step(c);
            }
        }
    }

private:
    void add(Kind kind, std::size_t end, std::int32_t value, std::int32_t phrase = -1) {
        Mark mark;
        mark.kind = kind;
        mark.glued =
            !m_.marks.empty() && m_.marks.back().to == at_ && m_.marks.back().kind != Kind::newline;
        mark.from = static_cast<std::uint32_t>(at_);
        mark.to = static_cast<std::uint32_t>(end);
        mark.value = value;
        mark.phrase = phrase;
        m_.marks.push_back(mark);
        at_ = end;
    }

    bool add_reference(std::int32_t in_force) {
        Ident ident;
        const std::size_t end = read_reference(m_, at_, in_force, ident);
        if (end == 0 || end > limit_) {
            return false;
        }
        brand_ = ident.brand;
        m_.idents.push_back(std::move(ident));
        add(Kind::reference, end, static_cast<std::int32_t>(m_.idents.size() - 1));
        add_siblings();
        return true;
    }

    // 126610LN/LV: a second reference that shares the stem.
    void add_siblings() {
        while (at_ < text_.size() && (text_[at_] == '/' || text_[at_] == '&')) {
            const Ident& first = m_.idents.back();
            std::size_t end = at_ + 1;
            while (end < text_.size() && is_letter(text_[end])) {
                ++end;
            }
            std::size_t stem = 0;
            while (stem < first.reference.size() && is_digit(first.reference[stem])) {
                ++stem;
            }
            if (end - at_ - 1 < 2 || end - at_ - 1 > 4 || stem < 5 ||
                is_digit(at_or_zero(text_, end))) {
                return;
            }
            Message whole;
            whole.context = m_.context;
            whole.folded.text =
                first.reference.substr(0, stem) + std::string{text_.substr(at_ + 1, end - at_ - 1)};
            Ident other;
            if (read_reference(whole, 0, first.brand, other) != whole.folded.text.size() ||
                !other.known) {
                return;
            }
            ++at_;
            m_.idents.push_back(std::move(other));
            add(Kind::reference, end, static_cast<std::int32_t>(m_.idents.size() - 1));
            m_.marks.back().glued = true;
        }
    }

    bool add_date() {
        Date date;
        const std::size_t end = read_date(text_, at_, year_, date);
        if (end == 0 || end > limit_) {
            return false;
        }
        m_.dates.push_back(date);
        add(Kind::date, end, static_cast<std::int32_t>(m_.dates.size() - 1));
        return true;
    }

    // 28,xxx and 28k5xx: a price that is not told.
    std::size_t masked_end() const {
        std::size_t pos = at_;
        while (is_digit(at_or_zero(text_, pos))) {
            ++pos;
        }
        if (pos == at_ || pos - at_ > 4) {
            return 0;
        }
        if (at_or_zero(text_, pos) == ',' || at_or_zero(text_, pos) == '.') {
            ++pos;
        }
        std::size_t marks = 0;
        while (at_or_zero(text_, pos + marks) == 'x' || at_or_zero(text_, pos + marks) == '*') {
            ++marks;
        }
        return marks >= 2 && !is_alnum(at_or_zero(text_, pos + marks)) ? pos + marks : 0;
    }

    // Numbers that are no amounts: sizes, times, ordinals, counts. Gives the mark's kind and end.
    bool add_counted(std::size_t digits_end, std::int64_t value) {
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
        if (word == "x" && value > 0 && value <= 50 &&
            (!is_digit(at_or_zero(text_, end)) || glued)) {
            add(Kind::quantity, end, static_cast<std::int32_t>(value));
            return true;
        }
        if ((glued &&
             is({"st", "nd", "rd", "th", "mm", "pm", "am", "h", "ct", "kt", "atm", "hz"})) ||
            is({"mm",     "cm",     "inch",  "pm",    "am",          "hrs",     "hr",
                "hours",  "hour",   "min",   "mins",  "days",        "day",     "weeks",
                "week",   "months", "month", "years", "yrs",         "yr",      "motif",
                "oz",     "km",     "lb",    "lbs",   "kg",          "members", "warnings",
                "jewels", "dia",    "gram",  "grams", "anniversary", "jahre",   "anni",
                "ans",    "anos",   "лет",   "dias",  "tage"}) ||
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
    bool is_price(std::size_t end) const {
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

    bool add_grade_or_percent(std::size_t end, const Amount& amount) {
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
                    static_cast<std::int32_t>(tenths >= 98 ? Condition::like_new
                                                           : Condition::used));
                return true;
            }
        }
        return false;
    }

    void number() {
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

    bool add_quantity() { // x3, *2, ×3
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

    // "1) ", "2. ", "3、": a list's numbers at the start of its lines.
    std::size_t numbering_end() const {
        const bool line_start = at_ == 0 || text_[at_ - 1] == '\n' || m_.marks.empty() ||
                                m_.marks.back().kind == Kind::newline;
        std::size_t pos = at_;
        while (is_digit(at_or_zero(text_, pos)) && pos - at_ < 3) {
            ++pos;
        }
        const char mark = at_or_zero(text_, pos);
        const bool closes = mark == ')' || ((mark == '.' || mark == ',' || mark == ':') &&
                                            !is_digit(at_or_zero(text_, pos + 1)));
        return line_start && pos > at_ && pos - at_ < 3 && closes ? pos + 1 : 0;
    }

    // ap15500st, rolex126610ln: the maker's name without a blank.
    bool add_glued_brand() {
        std::size_t end = at_;
        while (is_letter(at_or_zero(text_, end)) && end - at_ < 10) {
            ++end;
        }
        if (end - at_ < 2 || !is_digit(at_or_zero(text_, end)) || end > limit_) {
            return false;
        }
        const auto match = find_phrase(text_.substr(0, end), at_);
        const auto brand =
            match && match->end == end ? reading_of(match->phrase, Kind::brand) : std::nullopt;
        Ident ident;
        if (!brand || read_reference(m_, end, *brand, ident) == 0) {
            return false;
        }
        brand_ = *brand;
        add(Kind::brand, end, *brand, match->phrase);
        return true;
    }

    void step(char c) {
        if (const std::size_t end = is_digit(c) ? numbering_end() : 0; end != 0) {
            at_ = end;
            return;
        }
        const bool starts_word = is_alnum(c);
        if (starts_word && add_reference(brand_)) {
            return;
        }
        if (is_letter(c) && add_glued_brand()) {
            return;
        }
        if (const std::size_t end = is_digit(c) ? masked_end() : 0; end != 0) {
            add(Kind::masked, end, 0);
            return;
        }
        if (ringgit_index_ >= 0 && c == 'r' && at_or_zero(text_, at_ + 1) == 'm' &&
            is_digit(at_or_zero(text_, at_ + 2))) {
            add(Kind::currency, at_ + 2, ringgit_index_); // RM63k
            return;
        }
        if (add_quantity()) {

            return;
        }
        if ((is_digit(c) || c == '\'' || c == 'n' || c == 'u' || c == 'y') && add_date()) {
            return;
        }
        if (add_phrase()) {
            return;
        }
        if (is_digit(c)) {
            number();
            return;
        }
        if (static_cast<unsigned char>(c) >= 0xe4 && at_ >= numerals_end_) {
            Amount amount;
            if (const std::size_t end = read_chinese_number(text_, at_, amount, numerals_end_);
                end != 0 && end <= limit_) {
                m_.amounts.push_back(amount);
                add(Kind::amount, end, static_cast<std::int32_t>(m_.amounts.size() - 1));
                return;
            }
        }
        word_or_sign(c);
    }

    bool add_phrase() {
        const auto match = find_phrase(text_, at_);
        if (!match || match->end > limit_) {
            return false;
        }
        const Phrase& phrase = tables::phrases[static_cast<std::size_t>(match->phrase)];
        if (reading_of(match->phrase, Kind::month) && add_date()) {
            return true; // mar '22
        }
        const Reading& first = tables::readings[phrase.first];
        // a number that opens a longer phrase ("99新", "2 tags") is fine; "10/10" inside a date was read before
        if (const auto brand = reading_of(match->phrase, Kind::brand)) {
            brand_ = *brand;
            if (at_ == 0 || text_[at_ - 1] == '\n' || alone_on_line(match->end)) {
                line_brand_ = *brand;
            }
        }
        add(first.kind, match->end, first.value, match->phrase);
        return true;
    }

    // A brand on a short line without numbers heads what follows.
    bool alone_on_line(std::size_t end) const {
        constexpr std::size_t longest = 80;
        for (std::size_t i = at_; i > 0 && text_[i - 1] != '\n'; --i) {
            if (at_ - i > longest || is_digit(text_[i - 1])) {
                return false;
            }
        }
        for (std::size_t i = end; i < text_.size() && text_[i] != '\n'; ++i) {
            if (i - end > longest || is_digit(text_[i])) {
                return false;
            }
        }
        return true;
    }

    void word_or_sign(char c) {
        if (is_letter(c)) {
            std::size_t pos = at_;
            while (pos < limit_ && (is_alnum(text_[pos]) || text_[pos] == '\'')) {
                ++pos;
            }
            add(Kind::word, pos, 0);
            return;
        }
        const auto byte = static_cast<unsigned char>(c);
        std::size_t end = at_;
        const char32_t code = next_code_point(text_, end);
        if (code >= 0x1f1e6 && code <= 0x1f1ff && end < text_.size()) {
            std::size_t next = end;
            const char32_t second = next_code_point(text_, next);
            if (second >= 0x1f1e6 && second <= 0x1f1ff) {
                add(Kind::place, next,
                    static_cast<std::int32_t>(('A' + code - 0x1f1e6) * 256 +
                                              ('A' + second - 0x1f1e6)));
                return;
            }
        }
        const bool spaced_word = (byte >= 0xcd && byte <= 0xd3) || (byte >= 0xd7 && byte <= 0xdb);
        if (spaced_word) {
            while (end < limit_ && static_cast<unsigned char>(text_[end]) >= 0x80) {
                const auto lead = static_cast<unsigned char>(text_[end]);
                if (!(lead >= 0xcd && lead <= 0xd3) && !(lead >= 0xd7 && lead <= 0xdb)) {
                    break;
                }
                next_code_point(text_, end);
            }
            add(Kind::word, end, 0);
            return;
        }
        const bool script = code >= 0x3040 && (code < 0xfe00 || code > 0xffff) && code < 0x1f000;
        const bool thai = code >= 0xe00 && code < 0xe80;
        if (script || thai || (code >= 0x900 && code < 0xe00)) {
            add(Kind::word, end, 2); // one character of a script without blanks
            return;
        }
        add(Kind::punct, std::max(end, at_ + 1), static_cast<std::int32_t>(code));
    }

    // "[12/03/2026, 10:22:11] Dealer A: " and "3/12/26, 9:41 AM - Rick: " from exported chats.
    std::size_t skip_export_prefix(std::size_t at) const {
        std::size_t pos = at;
        const bool bracket = at_or_zero(text_, pos) == '[';
        pos += bracket ? 1U : 0U;
        std::size_t slashes = 0;
        const std::size_t start = pos;
        while (is_digit(at_or_zero(text_, pos)) || at_or_zero(text_, pos) == '/' ||
               at_or_zero(text_, pos) == '.' || at_or_zero(text_, pos) == '-') {
            slashes += is_digit(text_[pos]) ? 0U : 1U;
            ++pos;
        }
        if (pos - start < 6 || pos - start > 10 || slashes != 2 || at_or_zero(text_, pos) != ',') {
            return at;
        }
        ++pos;
        std::size_t colons = 0;
        while (pos < text_.size() && pos - start < 32 &&
               (is_digit(text_[pos]) || text_[pos] == ':' || text_[pos] == ' ' ||
                text_[pos] == 'a' || text_[pos] == 'p' || text_[pos] == 'm')) {
            colons += text_[pos] == ':' ? 1U : 0U;
            ++pos;
        }
        if (colons == 0 || at_or_zero(text_, pos) != (bracket ? ']' : '-')) {
            return at;
        }
        const std::string_view rest = text_.substr(pos, 60);
        const std::size_t name = rest.find(':');
        return name != std::string_view::npos && name < rest.find('\n') ? pos + name + 1 : at;
    }

    Message& m_;
    std::string_view text_;
    int year_;
    std::size_t at_ = 0;
    std::size_t limit_ = 0;
    std::int32_t brand_ = -1;
    std::int32_t line_brand_ = -1;
    std::size_t numerals_end_ = 0;    // no number among the numerals before it
    std::int32_t ringgit_index_ = -1; // in Malaysian groups RM is money
};

} // namespace

void scan(Message& message) {
    find_sensitive(message.text(), message.hidden);
    Scanner{message}.run();
}

} // namespace vestari::parser
