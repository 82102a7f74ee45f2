// References, makers, phrases and plain words, from where they start.
#include "parser/recognise/scanner.hpp"
#include "parser/tables/lookup.hpp"

namespace vestari::parser {

bool Scanner::add_reference(std::int32_t in_force) {
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
void Scanner::add_siblings() {
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

// ap15500st, rolex126610ln: the maker's name without a blank.
bool Scanner::add_glued_brand() {
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

bool Scanner::add_date() {
    Date date;
    const std::size_t end = read_date(text_, at_, year_, date);
    if (end == 0 || end > limit_) {
        return false;
    }
    m_.dates.push_back(date);
    add(Kind::date, end, static_cast<std::int32_t>(m_.dates.size() - 1));
    return true;
}

bool Scanner::add_phrase() {
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
bool Scanner::alone_on_line(std::size_t end) const {
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

void Scanner::word_or_sign(char c) {
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
    if (add_flag(code, end)) {
        return;
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

// 🇭🇰: two letters of a country.
bool Scanner::add_flag(char32_t code, std::size_t end) {
    if (code >= 0x1f1e6 && code <= 0x1f1ff && end < text_.size()) {
        std::size_t next = end;
        const char32_t second = next_code_point(text_, next);
        if (second >= 0x1f1e6 && second <= 0x1f1ff) {
            add(Kind::place, next,
                static_cast<std::int32_t>(('A' + code - 0x1f1e6) * 256 + ('A' + second - 0x1f1e6)));
            return true;
        }
    }
    return false;
}

} // namespace vestari::parser
