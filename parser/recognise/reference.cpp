// References: from the catalogue in every spelling dealers use, else by the form of a maker (DOMAIN section 4).
#include "parser/recognise/recognise.hpp"
#include "parser/tables/lookup.hpp"

namespace vestari::parser {

namespace {

const ReferenceRow& row_at(std::int32_t row) {
    return tables::references[static_cast<std::size_t>(row)];
}

struct Brands {
    std::int32_t rolex = *brand_index("Rolex");
    std::int32_t tudor = *brand_index("Tudor");
    std::int32_t patek = *brand_index("Patek Philippe");
    std::int32_t ap = *brand_index("Audemars Piguet");
    std::int32_t rm = *brand_index("Richard Mille");
    std::int32_t cartier = *brand_index("Cartier");
    std::int32_t iwc = *brand_index("IWC");
    std::int32_t jlc = *brand_index("Jaeger-LeCoultre");
    std::int32_t lange = *brand_index("A. Lange & Söhne");
    std::int32_t sinn = *brand_index("Sinn");
    std::int32_t nomos = *brand_index("Nomos");
    std::int32_t panerai = *brand_index("Panerai");
    std::int32_t omega = *brand_index("Omega");
    std::int32_t hermes = *brand_index("Hermes");
    std::int32_t chanel = *brand_index("Chanel");
};
const Brands& brands() {
    static const Brands known;
    return known;
}

bool has_letter(std::string_view key) noexcept {
    return std::any_of(key.begin(), key.end(), is_letter);
}

bool ends_here(std::string_view text, std::size_t at) noexcept {
    return !is_alnum(at_or_zero(text, at));
}

void fill(Ident& ident, std::int32_t row) {
    const ReferenceRow& found = row_at(row);
    ident = {};
    ident.brand = found.brand;
    ident.row = row;
    ident.reference = std::string{found.canonical};
    ident.low = found.low;
    ident.high = found.high;
    ident.plain = found.plain;
    ident.stem = !found.full;
}

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

// Tail letters that only name a dial (DOMAIN section 10.3).
std::size_t dial_tail(std::string_view text, std::size_t at) noexcept {
    for (const std::string_view tail : {"ng", "vi", "yml", "g", "a"}) {
        if (text.substr(std::min(at, text.size()), tail.size()) == tail &&
            ends_here(text, at + tail.size())) {
            return tail.size();
        }
    }
    return 0;
}

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
            RowRange next = narrow(range, depth, c);
            if (next.empty() && depth >= 3 && repaired_char(c) != '\0') {
                next = narrow(range, depth, repaired_char(c));
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

// The web shop's codes: M126610LN-0001.
std::size_t web_tail(std::string_view text, std::size_t at, std::int32_t brand) noexcept {
    if ((brand != brands().rolex && brand != brands().tudor) || at_or_zero(text, at) != '-') {
        return at;
    }
    std::size_t digits = 0;
    while (is_digit(at_or_zero(text, at + 1 + digits))) {
        ++digits;
    }
    return digits == 4 && ends_here(text, at + 5) ? at + 5 : at;
}

// A Rolex or Patek stem that the catalogue has only with letters behind it.
std::size_t read_stem(std::string_view text, std::size_t at, Ident& ident) {
    std::size_t digits = 0;
    RowRange range = all_rows();
    while (is_digit(at_or_zero(text, at + digits)) && digits < 7 && !range.empty()) {
        range = narrow(range, digits, text[at + digits]);
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

std::string upper(std::string_view text) {
    std::string out{text};
    for (char& c : out) {
        c = is_letter(c) ? static_cast<char>(c - 32) : c;
    }
    return out;
}

void unknown(Ident& ident, std::int32_t brand, std::string reference, const char* rule) {
    ident = {};
    ident.brand = static_cast<std::uint8_t>(brand);
    ident.reference = std::move(reference);
    ident.known = false;
    ident.rule = rule;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> list) noexcept {
    return std::find(list.begin(), list.end(), word) != list.end();
}

// Rolex, Audemars Piguet and Patek by their digits and letters.
std::size_t read_digits_form(std::string_view text, std::size_t at, std::int32_t in_force,
                             Ident& ident) {
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
            std::size_t depth = 0;
            for (const char c : std::string{number} + "1" + std::string{code}) {
                range = narrow(range, depth++, c);
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
    (void)in_force;
    return 0;
}

bool opens_line(std::string_view text, std::size_t at) noexcept {
    while (at > 0 && text[at - 1] == ' ') {
        --at;
    }
    return at == 0 || text[at - 1] == '\n';
}

// rm1103, RM 11-03, RM-011, and 11-03 where Richard Mille is in force.
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
    std::size_t depth = 0;
    for (const char c : "rm" + number) {
        range = narrow(range, depth++, c);
    }
    if (!range.empty() && row_at(range.first).key.size() == depth) {
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
    std::size_t depth = 0;
    for (const char c : "pam" + number) {
        range = narrow(range, depth++, c);
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
    const bool starts_digit = is_digit(head[0]);
    std::size_t best = 0;
    const FormRow* found = nullptr;
    for (const FormRow& form : tables::forms) {
        if ((form.pattern[0] == '#') != starts_digit) {
            continue;
        }
        std::size_t i = 0;
        bool digit = false;
        for (; i < form.pattern.size(); ++i) {
            const char c = at_or_zero(text, at + i);
            const char p = form.pattern[i];
            digit = digit || is_digit(c);
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

std::size_t read_reference(const Message& message, std::size_t at, std::int32_t in_force,
                           Ident& ident) {
    const std::string_view text = message.text();
    const char c = text[at];
    if (!is_alnum(c)) {
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
        std::size_t depth = 0;
        for (const char p : prefix) {
            range = narrow(range, depth++, p);
        }
        found = walk(text, at, range, depth);
    }
    if (found.row >= 0) {
        const ReferenceRow& row = row_at(found.row);
        const bool own_brand = row.brand == in_force;
        if (row.brand == brands().nomos && !own_brand) {
            found.row = -1;
        } else if ((row.brand == brands().hermes || row.brand == brands().chanel) && !own_brand &&
                   row.key.size() < 4) {
            found.row = -1;
        } else if (from == at + 1 && row.brand != brands().rolex && row.brand != brands().tudor) {
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
                is_digit(text[from]) ? read_digits_form(text, from, in_force, longer) : 0;
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
        if (const std::size_t end = read_digits_form(text, from, in_force, ident); end != 0) {
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
