// References by the form of their maker (DOMAIN section 4).
#include "parser/recognise/reference_parts.hpp"

namespace vestari::parser {

namespace {

bool one_of(std::string_view word, std::initializer_list<std::string_view> list) noexcept {
    return std::any_of(list.begin(), list.end(), [word](std::string_view listed) {
        return listed.size() == word.size() &&
               (word.empty() ||
                (listed[0] == word[0] && listed.back() == word.back() && listed == word));
    });
}

bool opens_line(std::string_view text, std::size_t at) noexcept {
    while (at > 0 && text[at - 1] == ' ') {
        --at;
    }
    return at == 0 || text[at - 1] == '\n';
}

// Which forms can start with a character, in the order of the table.
struct FormIndex {
    std::array<std::vector<const FormRow*>, 128> by_first;
    std::array<std::size_t, 128> shortest{};
    FormIndex() {
        for (const FormRow& form : tables::forms) {
            const char p = form.pattern[0];
            for (std::size_t c = 0; c < by_first.size(); ++c) {
                const char first = static_cast<char>(c);
                const bool fits = p == '#'   ? is_digit(first)
                                  : p == '@' ? is_letter(first)
                                  : p == '%' ? is_letter(first)
                                             : p == first && !is_digit(first);
                if (fits) {
                    by_first[c].push_back(&form);
                    shortest[c] = by_first[c].size() == 1
                                      ? form.pattern.size()
                                      : std::min(shortest[c], form.pattern.size());
                }
            }
        }
    }
};

// The forms that can start with a character and have at most so many characters of one word ahead.
std::span<const FormRow* const> forms_from(char first, std::size_t ahead) {
    static const FormIndex index;
    const auto c = static_cast<unsigned char>(first);
    if (c >= 128 || ahead < index.shortest[c]) {
        return {};
    }
    return index.by_first[c];
}

} // namespace

// Rolex, Audemars Piguet and Patek by their digits and letters.
// NOLINTNEXTLINE(readability-function-size): the makers' forms of digits, tried in their order
std::size_t read_digits_form(std::string_view text, std::size_t at, Ident& ident) {
    std::size_t digits = 0;
    while (is_digit(at_or_zero(text, at + digits))) {
        ++digits;
    }
    std::size_t pos = at + digits;
    std::size_t letters = 0;
    while (is_letter(at_or_zero(text, pos + letters))) {
        ++letters;
    }
    const std::string_view number = text.substr(at, digits);
    const std::string_view tail = text.substr(pos, letters);
    const std::size_t end = pos + letters;
    const bool closed = ends_here(text, end);
    if (digits == 6 && closed) {
        const bool form = one_of(number.substr(0, 3),
                                 {"114", "115", "116", "118", "124", "126", "127", "128", "134",
                                  "136", "176", "177", "178", "179", "214", "216", "218", "224",
                                  "226", "228", "268", "276", "277", "278", "279", "326", "336"});
        const bool suffix =
            one_of(tail, {"",     "ln",  "lv",   "lb",   "blro", "blnr", "chnr", "grnr",
                          "vtnr", "rbr", "rbow", "sats", "tbr",  "gv",   "db",   "saru",
                          "saro", "rbr", "spar", "bkao", "tem",  "pltx", "taco"});
        const std::size_t drop = letters > 0 && !suffix ? dial_tail(text, pos) : 0;
        if (form && (suffix || drop == letters)) {
            unknown(ident, brands().rolex, upper(number) + (suffix ? upper(tail) : ""),
                    "reference.form");
            ident.weak = letters == 0;
            return end;
        }
    }
    if (digits == 5 && letters == 0 && closed &&
        one_of(number.substr(0, 3),
               {"140", "141", "142", "150", "152", "160", "161", "162", "165", "166", "167",
                "168", "180", "182", "183", "690", "691", "692", "691", "782", "792"})) {
        unknown(ident, brands().rolex, upper(number), "reference.form");
        ident.weak = true;
        return end;
    }
    if (digits == 5 && letters == 2 &&
        one_of(tail, {"st", "or", "ti", "ce", "ba", "bc", "pt", "so", "cb", "ip", "ok", "sr",
                      "xt", "ro", "nb", "sg", "sp", "au", "fo", "bb", "cd", "tr", "sa", "pf"}) &&
        (number[0] == '1' || number[0] == '2' || number[0] == '6' || number[0] == '7')) {
        std::size_t stop = end;
        int parts = 0; // .OO.1220ST.01
        while (at_or_zero(text, stop) == '.' && is_alnum(at_or_zero(text, stop + 1)) && parts < 3) {
            std::size_t next = stop + 1;
            while (is_alnum(at_or_zero(text, next))) {
                ++next;
            }
            stop = next;
            ++parts;
        }
        if (parts != 0 && parts != 3) {
            stop = end;
        }
        if (ends_here(text, stop)) {
            unknown(ident, brands().ap, upper(text.substr(at, stop - at)), "reference.form");
            return stop;
        }
    }
    if (digits == 4 && number[0] >= '3' && number[0] <= '7') {
        std::size_t stop = pos;
        std::size_t sub = 0;
        if (at_or_zero(text, stop) == '/') {
            while (is_digit(at_or_zero(text, stop + 1 + sub))) {
                ++sub;
            }
            stop += 1 + sub;
        }
        std::size_t metal = 0;
        while (is_letter(at_or_zero(text, stop + metal))) {
            ++metal;
        }
        const std::string_view code = text.substr(stop, metal);
        stop += metal;
        if ((sub == 0 && at_or_zero(text, pos) == '/') || metal == 0 || metal > 2 || sub > 4 ||
            code.find_first_not_of("agrjpt") != std::string_view::npos) {
            return 0;
        }
        if (at_or_zero(text, stop) == '-' && at_or_zero(text, stop + 1) == '0' &&
            is_digit(at_or_zero(text, stop + 2)) && is_digit(at_or_zero(text, stop + 3))) {
            stop += 4;
        }
        if (!ends_here(text, stop)) {
            return 0;
        }
        // 5711A is 5711/1A: only the bracelet form exists
        std::string reference = upper(text.substr(at, stop - at));
        if (sub == 0) {
            RowRange range = all_rows();
            for (const char c : std::string{number} + "1" + std::string{code}) {
                range = narrow(range, c);
            }
            if (!range.empty() && row_at(range.first).brand == brands().patek) {
                fill(ident, range.first);
                ident.reference = reference.substr(0, 4) + "/1" + reference.substr(4);
                ident.rule = "reference.bracelet_form";
                return stop;
            }
        }
        unknown(ident, brands().patek, std::move(reference), "reference.form");
        return stop;
    }
    return 0;
}

// rm1103, RM 11-03, RM-011, and 11-03 where Richard Mille is in force.
// NOLINTNEXTLINE(readability-function-size): one form of one maker
std::size_t read_richard_mille(const Message& message, std::size_t at, std::int32_t in_force,
                               Ident& ident) {
    const std::string_view text = message.text();
    std::size_t pos = at;
    const bool named = text.substr(at, 2) == "rm";
    if (named) {
        pos += 2;
        if (at_or_zero(text, pos) == ' ' || at_or_zero(text, pos) == '-') {
            ++pos;
        }
    } else if (in_force != brands().rm && !opens_line(text, at)) {
        return 0;
    }
    std::string number;
    bool dash = false;
    while (number.size() < 4 && is_digit(at_or_zero(text, pos))) {
        number.push_back(text[pos++]);
        if (number.size() == 2 && (at_or_zero(text, pos) == '-' || at_or_zero(text, pos) == ' ') &&
            is_digit(at_or_zero(text, pos + 1)) && is_digit(at_or_zero(text, pos + 2)) &&
            !is_digit(at_or_zero(text, pos + 3))) {
            dash = text[pos] == '-';
            ++pos;
        }
        if (pos >= text.size()) {
            break;
        }
    }
    const bool price_like = (at_or_zero(text, pos) == ',' || at_or_zero(text, pos) == '.') &&
                            is_digit(at_or_zero(text, pos + 1));
    std::size_t tail = pos;
    if (tail + 1 < text.size() && (text.substr(tail, 2) == "ti" || text.substr(tail, 2) == "rg" ||
                                   text.substr(tail, 2) == "wg")) {
        tail = pos; // RM011RG: the metal is read by itself
    } else if (!ends_here(text, pos)) {
        return 0;
    }
    if (number.size() < 3 || price_like || (!named && !dash && number.size() != 3)) {
        if (!(named && number.size() == 2 && !price_like)) {
            return 0;
        }
    }
    if (number.size() == 2 ||
        (!named && in_force != brands().rm && (!dash || number.size() != 4))) {
        return 0;
    }
    const bool ringgit =
        message.context->group_currency && message.context->group_currency->code() == "MYR";
    if (ringgit && named && !dash && number.size() == 4) {
        return 0;
    }
    if (number.size() == 4 && number[0] == '0' && number[1] == '0') {
        return 0;
    }
    const std::string canonical =
        number.size() == 4 ? "RM" + number.substr(0, 2) + "-" + number.substr(2) : "RM" + number;
    RowRange range = all_rows();
    for (const char c : "rm" + number) {
        range = narrow(range, c);
    }
    if (!range.empty() && row_at(range.first).key.size() == number.size() + 2) {
        fill(ident, range.first);
    } else {
        if (!named && (in_force != brands().rm || (number.size() == 3 && number[0] != '0'))) {
            return 0;
        }
        unknown(ident, brands().rm, canonical, "reference.form");
    }
    return pos;
}

std::size_t read_panerai(std::string_view text, std::size_t at, Ident& ident) {
    if (text.substr(at, 3) != "pam") {
        return 0;
    }
    std::size_t pos = at + 3;
    if (at_or_zero(text, pos) == ' ' || at_or_zero(text, pos) == '-') {
        ++pos;
    }
    std::size_t digits = 0;
    while (is_digit(at_or_zero(text, pos + digits))) {
        ++digits;
    }
    if (digits < 2 || digits > 5 || !ends_here(text, pos + digits)) {
        return 0;
    }
    const std::string number = std::string(5 - digits, '0') + std::string{text.substr(pos, digits)};
    RowRange range = all_rows();
    for (const char c : "pam" + number) {
        range = narrow(range, c);
    }
    if (!range.empty()) {
        fill(ident, range.first);
    } else {
        unknown(ident, brands().panerai, "PAM" + number, "reference.form");
    }
    return pos + digits;
}

std::size_t read_form(std::string_view text, std::size_t at, std::int32_t in_force, Ident& ident) {
    // every form has a digit among its first four characters
    const std::string_view head = text.substr(at, 4);
    if (std::none_of(head.begin(), head.end(), is_digit)) {
        return 0;
    }
    std::size_t best = 0;
    const FormRow* found = nullptr;
    std::size_t ahead = 0; // no form has a blank or is longer than this looks
    while (ahead < 40 && at + ahead < text.size() && text[at + ahead] > ' ') {
        ++ahead;
    }
    for (const FormRow* const candidate : forms_from(head[0], ahead)) {
        const FormRow& form = *candidate;
        if (form.pattern.size() > ahead || form.pattern.size() <= best) {
            continue;
        }
        std::size_t i = 1;
        for (; i < form.pattern.size(); ++i) {
            const char c = at_or_zero(text, at + i);
            const char p = form.pattern[i];
            if (!(p == '#'   ? is_digit(c)
                  : p == '@' ? is_letter(c)
                  : p == '%' ? is_alnum(c)
                             : p == c)) {
                break;
            }
        }
        if (i == form.pattern.size() && i > best && ends_here(text, at + i)) {
            const char next = at_or_zero(text, at + i);
            if ((next == '.' || next == '/' || next == ',' || next == '-') &&
                is_digit(at_or_zero(text, at + i + 1))) {
                continue;
            }
            const std::int32_t brand = form.brand;
            // short codes that other things share need their maker's name
            if (form.shared && brand != in_force) {
                continue;
            }
            best = i;
            found = &form;
        }
    }
    if (found == nullptr) {
        return 0;
    }
    unknown(ident, found->brand, upper(text.substr(at, best)), "reference.form");
    if (ident.brand == brands().tudor && ident.reference[0] == 'M') {
        ident.reference.erase(0, 1);
    }
    return web_tail(text, at + best, ident.brand);
}

} // namespace vestari::parser
