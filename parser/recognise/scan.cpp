#include "parser/recognise/scanner.hpp"
#include "parser/tables/lookup.hpp"
#include "parser/text/sensitive.hpp"

namespace vestari::parser {

namespace {

int year_of(const Context& context) noexcept {
    const std::chrono::year_month_day day{context.sent_at};
    const int year = static_cast<int>(day.year());
    return year >= 2000 && year < 2100 ? year : 2026;
}

// 28,xxx and 28k5xx: a price that is not told.
std::size_t masked_end(std::string_view text, std::size_t at) {
    std::size_t pos = at;
    while (is_digit(at_or_zero(text, pos))) {
        ++pos;
    }
    if (pos == at || pos - at > 4) {
        return 0;
    }
    if (at_or_zero(text, pos) == ',' || at_or_zero(text, pos) == '.') {
        ++pos;
    }
    std::size_t marks = 0;
    while (at_or_zero(text, pos + marks) == 'x' || at_or_zero(text, pos + marks) == '*') {
        ++marks;
    }
    return marks >= 2 && !is_alnum(at_or_zero(text, pos + marks)) ? pos + marks : 0;
}

// "1) ", "2. ", "3、": a list's numbers at the start of its lines.
std::size_t numbering_end(const Message& message, std::size_t at) {
    const std::string_view text = message.text();
    const bool line_start = at == 0 || text[at - 1] == '\n' || message.marks.empty() ||
                            message.marks.back().kind == Kind::newline;
    if (!line_start) {
        return 0;
    }
    std::size_t pos = at;
    while (is_digit(at_or_zero(text, pos)) && pos - at < 3) {
        ++pos;
    }
    const char mark = at_or_zero(text, pos);
    const bool closes = mark == ')' || ((mark == '.' || mark == ',' || mark == ':') &&
                                        !is_digit(at_or_zero(text, pos + 1)));
    return pos > at && pos - at < 3 && closes ? pos + 1 : 0;
}

} // namespace

Scanner::Scanner(Message& message)
    : m_{message}, text_{message.folded.text}, year_{year_of(*message.context)} {}

void Scanner::run() {
    const bool ringgit = m_.context->group_currency && m_.context->group_currency->code() == "MYR";
    for (std::size_t i = 0; ringgit && i < tables::currencies.size(); ++i) {
        ringgit_index_ =
            tables::currencies[i].code == "MYR" ? static_cast<std::int32_t>(i) : ringgit_index_;
    }
    std::size_t hidden = 0;
    for (at_ = skip_export_prefix(text_, 0); at_ < text_.size();) {
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
            at_ = skip_export_prefix(text_, at_);
        } else {
            step(c);
        }
    }
}

void Scanner::add(Kind kind, std::size_t end, std::int32_t value, std::int32_t phrase) {
    const bool glued =
        !m_.marks.empty() && m_.marks.back().to == at_ && m_.marks.back().kind != Kind::newline;
    Mark& mark = m_.marks.emplace_back(); // filled in its place: a copy waits for each write
    mark.kind = kind;
    mark.glued = glued;
    mark.from = static_cast<std::uint32_t>(at_);
    mark.to = static_cast<std::uint32_t>(end);
    mark.value = value;
    mark.phrase = phrase;
    if (phrase >= 0) {
        mark.readings = tables::phrases.data()[phrase].kinds;
        m_.readings |= mark.readings;
    }
    m_.kinds |= std::uint64_t{1} << static_cast<unsigned>(kind);
    at_ = end;
}

void Scanner::step(char c) {
    if (const std::size_t end = is_digit(c) ? numbering_end(m_, at_) : 0; end != 0) {
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
    if (const std::size_t end = is_digit(c) ? masked_end(text_, at_) : 0; end != 0) {
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
    if (add_chinese_number(c)) {
        return;
    }
    word_or_sign(c);
}

void scan(Message& message) {
    find_sensitive(message.text(), message.hidden);
    Scanner{message}.run();
}

} // namespace vestari::parser
