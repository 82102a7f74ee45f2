#include "parser/text/sensitive.hpp"

#include <array>
#include <span>

#include "parser/text/digit_run.hpp"

namespace vestari::parser {

namespace {

constexpr auto word_chars = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < table.size(); ++c) {
        table[c] = c < 128 && is_alnum(static_cast<char>(c));
    }
    return table;
}();

// Behind the letters and digits that stand at `at`.
std::size_t word_end(std::string_view text, std::size_t at) noexcept {
    while (at < text.size() && word_chars[static_cast<unsigned char>(text[at])]) {
        ++at;
    }
    return at;
}

constexpr std::string_view number_words[] = {
    "call",    "text",   "whatsapp", "whats app", "wa",       "tel",       "phone",   "mobile",
    "cell",    "ph",     "contact",  "viber",     "telegram", "wechat",    "微信",    "電話",
    "电话",    "手機",   "手机",     "tlf",       "telefono", "téléphone", "telefon", "тел",
    "للتواصل", "واتساب", "line",     "signal",    "fax"};
constexpr std::string_view account_words[] = {
    "acct",        "account",  "a/c",      "acc",       "routing", "aba",
    "iban",        "swift",    "bic",      "sort code", "fps",     "fps id",
    "card number", "cvv",      "cvc",      "otp",       "code is", "verification code",
    "pin",         "konto",    "cuenta",   "conto",     "bsb",     "ifsc",
    "upi",         "clabe",    "tracking", "awb",       "wallet",  "account number",
    "account no",  "passport", "id card",  "ssn",       "tax id",  "payid",
    "pay id",      "paynow",   "uen",      "promptpay", "rib"};
constexpr std::string_view serial_words[] = {
    "serial",   "serial no",       "serial number", "serial#",  "s/n",   "sn",   "seriennummer",
    "seriale",  "numero de serie", "序號",          "序号",     "編號",  "编号", "シリアル",
    "серийный", "saat no",         "serial nr",     "no serie", "ser no"};

// The words above by their first two bytes: most words of a text need no further look.
class Listed {
public:
    enum List : std::uint8_t { number, account, serial, count };
    using Ends = std::array<std::size_t, count>;

    constexpr Listed() {
        add(number_words, number);
        add(account_words, account);
        add(serial_words, serial);
    }

    constexpr bool may_start(char first, char second) const noexcept {
        return heads_[slot_of(first, second)] != 0;
    }

    // For each list, where its longest word that stands at `at` ends; 0: none.
    Ends ends(std::string_view text, std::size_t at) const noexcept {
        Ends found{};
        const std::string_view rest = text.substr(at);
        for (std::size_t entry = heads_[slot_of(rest[0], at_or_zero(rest, 1))]; entry != 0;
             entry = entries_[entry].next) {
            const std::string_view word = entries_[entry].word;
            std::size_t& end = found[entries_[entry].list];
            if (at + word.size() > end && rest.starts_with(word) &&
                !is_letter(at_or_zero(rest, word.size()))) {
                end = at + word.size();
            }
        }
        return found;
    }

private:
    struct Entry {
        std::string_view word;
        List list = number;
        std::uint8_t next = 0;
    };

    static constexpr std::size_t slot_of(char first, char second) noexcept {
        return (static_cast<std::size_t>(static_cast<unsigned char>(first)) * 29 +
                static_cast<unsigned char>(second)) %
               2048;
    }
    constexpr void add(std::span<const std::string_view> words, List list) {
        for (const std::string_view word : words) {
            std::uint8_t& head = heads_[slot_of(word[0], word[1])];
            entries_[used_] = {word, list, head};
            head = used_++;
        }
    }

    std::array<Entry,
               std::size(number_words) + std::size(account_words) + std::size(serial_words) + 1>
        entries_{};
    std::uint8_t used_ = 1; // 0 ends a row of entries
    std::array<std::uint8_t, 2048> heads_{};
};
constexpr Listed listed{};

std::size_t skip_glue(std::string_view text, std::size_t at) noexcept {
    std::size_t pos = at;
    while (pos < text.size() &&
           (text[pos] == ' ' || text[pos] == ':' || text[pos] == '#' || text[pos] == '.' ||
            text[pos] == '(' || text[pos] == '=' || text[pos] == '*')) {
        ++pos;
    }
    return pos;
}

// A word of letters and digits with at least `least` characters and a digit among them.
std::size_t code_end(std::string_view text, std::size_t at, std::size_t least) noexcept {
    std::size_t pos = at;
    std::size_t digits = 0;
    std::size_t count = 0;
    while (pos < text.size() && (is_alnum(text[pos]) || ((text[pos] == '-' || text[pos] == '/') &&
                                                         is_alnum(at_or_zero(text, pos + 1))))) {
        digits += is_digit(text[pos]) ? 1U : 0U;
        count += is_alnum(text[pos]) ? 1U : 0U;
        ++pos;
    }
    return count >= least && digits >= 3 ? pos : 0;
}

constexpr std::string_view link_starts[] = {
    "http://", "https://", "www.", "chat.whatsapp.com", "wa.me/", "t.me/", "instagram.com"};

std::size_t link_end(std::string_view text, std::size_t at) noexcept {
    const std::string_view rest = text.substr(at);
    switch (rest[0]) {
    case 'h':
    case 'w':
    case 'c':
    case 't':
    case 'i': break;
    default: return 0;
    }
    const char second = at_or_zero(rest, 1);
    for (const std::string_view start : link_starts) {
        if (start[0] == rest[0] && start[1] == second && rest.starts_with(start)) {
            return at + std::min(rest.find_first_of(" \n"), rest.size());
        }
    }
    return 0;
}

// user@host.tld, found from its @.
bool mail_around(std::string_view text, std::size_t at, std::size_t floor, Hidden& found) noexcept {
    const auto part = [](char c) {
        return is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%';
    };
    std::size_t from = at;
    while (from > floor && at - from < 64 && part(text[from - 1])) {
        --from;
    }
    std::size_t to = at + 1;
    bool dot = false;
    while (to < text.size() && to - at < 128 && part(text[to])) {
        dot = dot || (text[to] == '.' && is_letter(at_or_zero(text, to + 1)));
        ++to;
    }
    if (from == at || !dot || is_digit(text[at + 1])) {
        return false;
    }
    found = {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)};
    return true;
}

std::size_t iban_end(std::string_view text, std::size_t at) noexcept {
    if (!is_letter(text[at]) || !is_letter(at_or_zero(text, at + 1)) ||
        !is_digit(at_or_zero(text, at + 2)) || !is_digit(at_or_zero(text, at + 3))) {
        return 0;
    }
    // one piece, or groups of four
    std::size_t count = 0;
    std::size_t digits = 0;
    std::size_t letters = 0;
    std::size_t group = 0;
    std::size_t pos = at;
    std::size_t end = at;
    while (pos < text.size() && count < 34) {
        if (is_alnum(text[pos])) {
            ++group;
            ++count;
            digits += is_digit(text[pos]) ? 1U : 0U;
            letters += count > 4 && is_letter(text[pos]) ? 1U : 0U;
            end = ++pos;
        } else if ((text[pos] == ' ' || text[pos] == '-') && group == 4 &&
                   is_alnum(at_or_zero(text, pos + 1))) {
            group = 0;
            ++pos;
        } else {
            break;
        }
    }
    return count >= 15 && digits >= 10 && letters <= 6 ? end : 0;
}

// Wallets and tokens: long words that mix letters and digits.
std::size_t token_end(std::string_view text, std::size_t at) noexcept {
    constexpr std::size_t least = 24;
    const std::size_t end = word_end(text, at);
    if (end - at < least) {
        return 0;
    }
    const auto digits = std::count_if(text.begin() + static_cast<std::ptrdiff_t>(at),
                                      text.begin() + static_cast<std::ptrdiff_t>(end), is_digit);
    return digits >= 3 && static_cast<std::size_t>(digits) < end - at ? end : 0;
}

std::size_t hidden_at(std::string_view text, std::size_t at, bool word_start) noexcept {
    const char c = text[at];
    const bool number = (is_digit(c) || c == '+' || c == '(') && long_number(text, at);
    if (number && word_start && is_digit(c)) {
        if (const std::size_t end = card_end(text, at); end != 0) {
            return end;
        }
    }
    if (number) {
        if (const std::size_t end = phone_end(text, at); end != 0) {
            return end;
        }
    }
    if (!word_start || c == ' ' || c == '\n') {
        return 0;
    }
    if (is_digit(c)) {
        // nothing that is read has so many digits in one piece, but for references
        std::size_t pos = at;
        while (pos < text.size() && is_digit(text[pos])) {
            ++pos;
        }
        if (pos - at >= 10 && !is_reference(text.substr(at, pos - at))) {
            return pos;
        }
        return token_end(text, at);
    }
    if (const std::size_t end = link_end(text, at); end != 0) {
        return end;
    }
    if (const std::size_t end = iban_end(text, at); end != 0) {
        return end;
    }
    if (!listed.may_start(c, at_or_zero(text, at + 1))) {
        return token_end(text, at);
    }
    const Listed::Ends ends = listed.ends(text, at);
    if (const std::size_t word = ends[Listed::serial]; word != 0) {
        const std::size_t from = skip_glue(text, word);
        const std::size_t end = from < text.size() ? code_end(text, from, 6) : 0;
        return end != 0 ? end : 0;
    }
    if (const std::size_t word = ends[Listed::number]; word != 0) {
        const std::size_t from = skip_glue(text, word);
        if (from < text.size() && (is_digit(text[from]) || text[from] == '+')) {
            const Run run = run_at(text, from + (text[from] == '+' ? 1 : 0), false);
            return run.digits >= 7 ? run.to : 0;
        }
        return 0;
    }
    if (const std::size_t word = ends[Listed::account]; word != 0) {
        const std::size_t from = skip_glue(text, word);
        const Run run = from < text.size() ? run_at(text, from, false) : Run{};
        if (run.digits >= 3) {
            return run.to;
        }
        const std::size_t end = from < text.size() ? code_end(text, from, 6) : 0;
        return end;
    }
    return token_end(text, at);
}

// Z123456 in brackets: a watch's serial number.
std::size_t bracketed_serial(std::string_view text, std::size_t at) noexcept {
    if (text[at] != '(' || !is_letter(at_or_zero(text, at + 1))) {
        return 0;
    }
    std::size_t pos = at + 2;
    while (is_digit(at_or_zero(text, pos))) {
        ++pos;
    }
    return pos - at >= 8 && at_or_zero(text, pos) == ')' ? pos : 0;
}

// Most words end here: nothing listed opens like this one, no link follows its end, no country code with digits opens it, it is
// short, and a number among them has few digits.
bool plain_word(std::string_view text, std::size_t at, std::size_t end) noexcept {
    constexpr std::size_t token = 24;
    if (end - at >= token) {
        return false;
    }
    if (is_digit(text[at])) {
        return !long_number(text, at);
    }
    const char behind = at_or_zero(text, end);
    return behind != '.' && behind != ':' && !is_digit(at_or_zero(text, at + 2)) &&
           !listed.may_start(text[at], at_or_zero(text, at + 1));
}

} // namespace

void find_sensitive(std::string_view text, std::vector<Hidden>& found) {
    found.clear();
    std::size_t floor = 0;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == ' ' || c == '\n') {
            ++at;
            continue;
        }
        Hidden mail;
        if (c == '@' && mail_around(text, at, floor, mail)) {
            found.push_back(mail);
            at = floor = mail.to;
            continue;
        }
        const bool word = is_alnum(c);
        const bool word_start = at == 0 || !is_alnum(text[at - 1]);
        if (word && word_start) {
            if (const std::size_t end = word_end(text, at); plain_word(text, at, end)) {
                at = end;
                continue;
            }
        }
        std::size_t end =
            (word && word_start) || c == '+' || c == '(' || static_cast<unsigned char>(c) >= 0xc0
                ? hidden_at(text, at, word_start)
                : 0;
        if (end == 0 && c == '(') {
            end = bracketed_serial(text, at);
        }
        if (end > at) {
            end = word_end(text, end); // never half a word
            found.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)});
            at = floor = end;
        } else {
            at = word ? word_end(text, at) : at + 1; // nothing starts inside a word
        }
    }
}

} // namespace vestari::parser
