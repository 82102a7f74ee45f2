#include "parser/recognise/recognise.hpp"
#include "parser/tables/lookup.hpp"

namespace vestari::parser {

namespace {

class Resolver {
public:
    explicit Resolver(Message& message) : m_{message} {}

    void run() {
        for (std::size_t i = 0; i < m_.marks.size(); ++i) {
            settle(i);
        }
        for (std::size_t i = 0; i < m_.marks.size(); ++i) {
            if (m_.marks[i].kind == Kind::currency || tether_letter(i)) {
                attach_currency(i);
            }
        }
        join_ranges();
        drop_corrected();
        settle_nicknames();
    }

private:
    Mark& at(std::size_t i) { return m_.marks[i]; }
    bool is(std::size_t i, Kind kind) const {
        return i < m_.marks.size() && m_.marks[i].kind == kind;
    }
    bool punct(std::size_t i, char32_t c) const {
        return is(i, Kind::punct) && m_.marks[i].value == static_cast<std::int32_t>(c);
    }
    std::string_view word(std::size_t i) const {
        return i < m_.marks.size() ? m_.of(m_.marks[i]) : std::string_view{};
    }

    bool reads(std::size_t i, Kind kind) const {
        return i < m_.marks.size() &&
               (m_.marks[i].kind == kind || reading_of(m_.marks[i].phrase, kind).has_value());
    }

    // The mark before in the same line that says something; marks.size() when there is none.
    std::size_t before(std::size_t i) const {
        while (i-- > 0) {
            if (m_.marks[i].kind == Kind::newline) {
                break;
            }
            if (m_.marks[i].kind != Kind::punct) {
                return i;
            }
        }
        return m_.marks.size();
    }

    // How far a neighbour may stand: keeps the whole linear.
    static constexpr std::size_t near = 120;

    const Ident* ident_before(std::size_t i, bool same_line) const {
        for (std::size_t steps = 0; i-- > 0 && steps < near; ++steps) {
            if (m_.marks[i].kind == Kind::newline && same_line) {
                return nullptr;
            }
            if (m_.marks[i].kind == Kind::reference) {
                return &m_.idents[static_cast<std::size_t>(m_.marks[i].value)];
            }
        }
        return nullptr;
    }

    bool line_has_before(std::size_t i, std::initializer_list<Kind> kinds) const {
        for (std::size_t steps = 0; i-- > 0 && steps < near && m_.marks[i].kind != Kind::newline;
             ++steps) {
            if (std::find(kinds.begin(), kinds.end(), m_.marks[i].kind) != kinds.end()) {
                return true;
            }
        }
        return false;
    }

    void become(std::size_t i, Kind kind, std::int32_t value) {
        at(i).kind = kind;
        at(i).value = value;
        at(i).phrase = -1;
    }

    std::int32_t dial(std::string_view name) const {
        const auto found = std::find(tables::dials.begin(), tables::dials.end(), name);
        return static_cast<std::int32_t>(found - tables::dials.begin());
    }

    void settle(std::size_t i) {
        settle_have(i);
        settle_any(i);
        Mark& mark = at(i);
        switch (mark.kind) {
        case Kind::unit:
        case Kind::word: settle_word(i); break;
        case Kind::filler: settle_filler(i); break;
        case Kind::dial: settle_dial(i); break;
        case Kind::date: settle_date(i); break;
        case Kind::reference: settle_reference(i); break;
        case Kind::condition: settle_bullet(i); break;
        case Kind::set: settle_everything(i); break;
        case Kind::brand: settle_brand(i); break;
        case Kind::place: settle_place(i); break;
        case Kind::metal:
        case Kind::bracelet: settle_band(i); break;
        default: break;
        }
    }

    bool daytona(std::size_t i) const {
        const std::string& reference =
            m_.idents[static_cast<std::size_t>(m_.marks[i].value)].reference;
        return reference.starts_with("1165") || reference.starts_with("1265") ||
               reference.starts_with("1652");
    }

    void settle_word(std::size_t i) {
        const std::string_view w = word(i);
        if (w == "fs") {
            bool after = line_has_before(i, {Kind::reference, Kind::nickname, Kind::condition,
                                             Kind::date, Kind::set, Kind::amount});
            const bool wished =
                word(i + 1) == "only" || (i > 0 && is(i - 1, Kind::side) &&
                                          at(i - 1).value == static_cast<std::int32_t>(Side::buy));
            after = after || wished;
            become(i, after ? Kind::set : Kind::side,
                   after ? static_cast<std::int32_t>(Set::full_set)
                         : static_cast<std::int32_t>(Side::sell));
        } else if (w == "n" && ident_before(i, true) != nullptr) {
            if (m_.asian_style) {
                become(i, Kind::condition, static_cast<std::int32_t>(Condition::brand_new));
            } else {
                become(i, Kind::set, static_cast<std::int32_t>(Set::watch_only));
            }
        } else if (w == "u" && ident_before(i, true) != nullptr && word(i + 1) != "serial" &&
                   word(i + 1) != "ser" && !tether_letter(i)) {
            become(i, Kind::condition, static_cast<std::int32_t>(Condition::used));
        } else if ((w == "w" || w == "b") && i > 0 && is(i - 1, Kind::reference) &&
                   daytona(i - 1)) {
            become(i, Kind::dial, dial(w == "w" ? "white" : "black"));
        } else if (w == "mint") {
            settle_mint(i);
        }
    }

    // "126334 dial, black": the dial itself is meant.
    void settle_filler(std::size_t i) {
        const bool ends = i + 1 >= m_.marks.size() || is(i + 1, Kind::newline) ||
                          punct(i + 1, ',') || punct(i + 1, '.');
        if (word(i) == "dial" && i > 0 &&
            (is(i - 1, Kind::reference) || is(i - 1, Kind::nickname)) && ends) {
            at(i).kind = Kind::part;
        }
    }

    void settle_mint(std::size_t i) {
        const Ident* ident = ident_before(i, false);
        const bool next_band =
            is(i + 1, Kind::bracelet) || word(i + 1) == "dial" || word(i + 1) == "roman";
        const bool after_plain =
            i > 0 && is(i - 1, Kind::reference) && ident != nullptr && ident->plain;
        const bool after_band =
            i > 0 && is(i - 1, Kind::bracelet) && ident != nullptr && ident->plain;
        const bool sub_line = ident != nullptr && ident->plain &&
                              (is(i + 1, Kind::amount) || is(i + 1, Kind::date)) &&
                              !line_has_before(i, {Kind::date, Kind::set, Kind::condition});
        if (next_band || after_plain || after_band || sub_line) {
            become(i, Kind::dial, dial("mint green"));
        } else {
            become(i, Kind::condition, static_cast<std::int32_t>(Condition::mint));
        }
    }

    // Colours of straps, bezels and cases are no dials; beside a Richard Mille they are case colours.
    void settle_dial(std::size_t i) {
        const std::size_t next = punct(i + 1, '"') ? i + 2 : i + 1;
        const bool colour_of_other = reads(next, Kind::carrier);
        const bool after_carrier =
            i > 0 && reads(i - 1, Kind::carrier) && at(i - 1).kind == Kind::part;
        const Ident* ident = ident_before(i, true);
        const bool mille = ident != nullptr && tables::brands[ident->brand] == "Richard Mille";
        const bool metal_colour = reads(i + 1, Kind::metal) && at(i).value == dial("white") &&
                                  word(i + 1).starts_with("gold");
        if (colour_of_other || after_carrier || mille || metal_colour) {
            become(i, Kind::filler, 0);
        }
    }

    void settle_date(std::size_t i) {
        const Date& date = m_.dates[static_cast<std::size_t>(at(i).value)];
        const bool money_after = is(i + 1, Kind::currency) && !is(i + 2, Kind::amount);
        const bool money_before =
            i > 0 && is(i - 1, Kind::currency) && (at(i).glued || !is(i - 2, Kind::amount));
        bool other = false; // the line has an amount already
        for (std::size_t j = i, steps = 0; j-- > 0 && steps < near && at(j).kind != Kind::newline;
             ++steps) {
            other = other || is(j, Kind::amount);
        }
        if (date.bare && ((money_after && (at(i + 1).glued || !other)) || money_before)) {
            demote(i);
        }
    }

    // A number that looked like a year or a reference is an amount after all.
    void demote(std::size_t i) {
        Amount amount;
        const std::string_view digits = word(i);
        for (const char c : digits) {
            if (!is_digit(c)) {
                return;
            }
            amount.digits = amount.digits * 10 + (c - '0');
        }
        amount.plain_digits = static_cast<std::uint8_t>(digits.size());
        m_.amounts.push_back(amount);
        become(i, Kind::amount, static_cast<std::int32_t>(m_.amounts.size() - 1));
    }

    void settle_reference(std::size_t i) {
        const Ident& ident = m_.idents[static_cast<std::size_t>(at(i).value)];
        const std::string_view surface = word(i);
        const bool digits = std::all_of(surface.begin(), surface.end(), is_digit);
        if (digits && i > 0 && is(i - 1, Kind::currency) && at(i).glued) {
            demote(i); // $116500
            return;
        }
        if (!ident.weak) {
            return;
        }
        const bool money = (i > 0 && is(i - 1, Kind::currency)) ||
                           (is(i + 1, Kind::currency) && !is(i + 2, Kind::amount));
        bool other = false; // a reference stands before it and no price between
        for (std::size_t j = i, steps = 0; j-- > 0 && steps < near && at(j).kind != Kind::newline;
             ++steps) {
            if (at(j).kind == Kind::amount) {
                break;
            }
            if (at(j).kind == Kind::reference) {
                other = true;
                break;
            }
        }
        const bool separated =
            i > 0 && (punct(i - 1, '/') || punct(i - 1, ',') || punct(i - 1, '+') ||
                      word(i - 1) == "and" || word(i - 1) == "or");
        const bool followed = is(i + 1, Kind::amount) || is(i + 1, Kind::date) ||
                              is(i + 1, Kind::dial) || is(i + 1, Kind::set);
        const bool asked = i > 0 && reads(i - 1, Kind::cue) &&
                           (word(i - 1) == "@" || word(i - 1) == "at" || word(i - 1) == "asking" ||
                            word(i - 1) == "=");
        if (!money && !asked && wanted_in_trade(i)) {
            return; // "FTO …, want a 5711"
        }
        if (money || asked || (other && !(separated && followed))) {
            demote(i);
        }
    }

    void settle_brand(std::size_t i) {
        const bool ringgit =
            m_.context->group_currency && m_.context->group_currency->code() == "MYR";
        if (ringgit && word(i) == "rm") {
            for (std::size_t c = 0; c < tables::currencies.size(); ++c) {
                if (tables::currencies[c].code == "MYR") {
                    become(i, Kind::currency, static_cast<std::int32_t>(c));
                }
            }
        }
    }

    // Behind "want" or "for" in a line that offers a trade stands a watch.
    bool wanted_in_trade(std::size_t i) const {
        bool wish = false;
        for (std::size_t j = i, steps = 0; j-- > 0 && steps < near && !is(j, Kind::newline);
             ++steps) {
            wish = wish ||
                   (i - j <= 3 && ((is(j, Kind::side) &&
                                    m_.marks[j].value == static_cast<std::int32_t>(Side::buy)) ||
                                   word(j) == "for" || word(j) == "or"));
            if (wish && is(j, Kind::side) &&
                m_.marks[j].value == static_cast<std::int32_t>(Side::trade)) {
                return true;
            }
        }
        return false;
    }

    // "Have 126610LN, need 126610LV": what opens the line is offered.
    void settle_have(std::size_t i) {
        static constexpr std::string_view words[] = {"have",     "have a", "have an", "i have",
                                                     "i have a", "got",    "got a",   "i got",
                                                     "tengo",    "j'ai",   "habe",    "ho"};
        if ((i > 0 && !is(i - 1, Kind::newline)) ||
            std::find(std::begin(words), std::end(words), word(i)) == std::end(words)) {
            return;
        }
        bool watch = false;
        bool buys = false;
        for (std::size_t j = i + 1; j < m_.marks.size() && j < i + near && !is(j, Kind::newline);
             ++j) {
            if (is(j, Kind::reference)) {
                if (buys) {
                    become(i, Kind::side, static_cast<std::int32_t>(Side::sell));
                    return;
                }
                watch = true;
            }
            buys = buys || (watch && is(j, Kind::side) &&
                            m_.marks[j].value == static_cast<std::int32_t>(Side::buy));
        }
    }

    // "we buy everything" is no set; "126610LN 2022 everything" is.
    void settle_everything(std::size_t i) {
        if (word(i) == "everything" &&
            !line_has_before(i, {Kind::reference, Kind::nickname, Kind::set})) {
            become(i, Kind::filler, 0);
        }
    }

    // 🆕 is a condition as the bullet of a watch; over a list it says that the list is new.
    void settle_bullet(std::size_t i) {
        if (word(i) != "🆕") {
            return;
        }
        for (std::size_t j = i + 1; j < i + 4; ++j) {
            if (is(j, Kind::reference)) {
                return;
            }
        }
        become(i, Kind::filler, 0);
    }

    // "Any 126720VTNR jub?": a question for a watch, nothing else said.
    void settle_any(std::size_t i) {
        const std::string_view w = word(i);
        if ((w != "any" && w != "anymore" && w != "any more") ||
            (i > 0 && !is(i - 1, Kind::newline) && !is(i - 1, Kind::punct))) {
            return;
        }
        bool watch = false;
        for (std::size_t j = i + 1; j < m_.marks.size() && j < i + 14; ++j) {
            const Kind kind = m_.marks[j].kind;
            if (kind == Kind::punct && m_.marks[j].value == '?' && watch) {
                become(i, Kind::side, static_cast<std::int32_t>(Side::buy));
                return;
            }
            watch = watch || kind == Kind::reference || kind == Kind::nickname;
            const std::string_view said = word(j);
            const bool place = said == "out there" || said == "out" || said == "there" ||
                               said == "around" || said == "here" || said == "left";
            const bool names = kind == Kind::reference || kind == Kind::nickname ||
                               kind == Kind::brand || kind == Kind::family || kind == Kind::dial ||
                               kind == Kind::bracelet || kind == Kind::condition ||
                               kind == Kind::set || kind == Kind::metal || kind == Kind::date ||
                               kind == Kind::availability || kind == Kind::place ||
                               kind == Kind::filler || kind == Kind::punct;
            const bool praise = said == "nice" || said == "clean" || said == "good" ||
                                said == "the" || said == "a" || said == "full";
            if ((!names && !place) || (kind == Kind::filler && !watch && !praise)) {
                return;
            }
        }
    }

    // "US card", "to HK", "from Geneva" say nothing about where the watch is.
    void settle_place(std::size_t i) {
        const std::string_view previous = i > 0 ? word(i - 1) : std::string_view{};
        const std::string_view next = word(i + 1);
        const bool card = next == "card" || next == "cards" || next == "papers" || next == "set" ||
                          next == "spec" || next == "karte" || next == "market" ||
                          next == "price" || next == "dollars" || next == "time" ||
                          next == "plug" || next == "warranty";
        const bool way = previous == "to" || previous == "for" || previous == "via";
        bool coming = false;
        if (previous == "from" || previous == "aus" || previous == "de" || previous == "da" ||
            previous == "out of") {
            for (std::size_t j = i, steps = 0;
                 j-- > 0 && steps < near && at(j).kind != Kind::newline; ++steps) {
                coming = coming || at(j).kind == Kind::availability;
            }
        }
        if (next == "market" && heads_list(i + 2)) {
            become(i, Kind::filler, 0);
            become(i + 1, Kind::filler, 0); // "Dubai market" above a list: whom it is for
            return;
        }
        if (card || way || coming) {
            become(i, Kind::filler, 0);
        }
    }

    // From here to the end of the line stands no talk and no watch, and lines with watches follow.
    bool heads_list(std::size_t i) const {
        std::size_t end = i;
        for (; end < m_.marks.size() && !is(end, Kind::newline); ++end) {
            const bool talk = is(end, Kind::talk) && m_.marks[end].value >= 2;
            if (talk || is(end, Kind::reference) || punct(end, '?') || word(end) == "is") {
                return false;
            }
        }
        for (; end < m_.marks.size() && end < i + near; ++end) {
            if (is(end, Kind::reference)) {
                return true;
            }
        }
        return false;
    }

    // "rubber strap" offered by itself is a part; gold words beside "bezel" or "buckle" are no case metal.
    void settle_band(std::size_t i) {
        if (at(i).kind == Kind::metal && (word(i + 1) == "bezel" || word(i + 1) == "buckle" ||
                                          word(i + 1) == "clasp" || word(i + 1) == "insert")) {
            become(i, Kind::filler, 0);
        }
    }

    // 41500u, and in Asian groups "155k u": tether.
    bool tether_letter(std::size_t i) const {
        if (!is(i, Kind::word) || m_.of(m_.marks[i]) != "u" || i == 0 || !is(i - 1, Kind::amount)) {
            return false;
        }
        const Amount& amount = m_.amounts[static_cast<std::size_t>(m_.marks[i - 1].value)];
        return m_.marks[i].glued || (m_.asian_style && (amount.power != 0 || amount.grouped ||
                                                        amount.plain_digits >= 5));
    }

    void set_currency(Amount& amount, std::size_t i) {
        if (tether_letter(i)) {
            amount.tether = true;
            amount.currency = 0;
            return;
        }
        const auto value = static_cast<std::int16_t>(at(i).value);
        if (value >= 0) {
            const std::string_view code = tables::currencies[static_cast<std::size_t>(value)].code;
            if (code == "USDT" || code == "USDC") {
                amount.tether = true;
                amount.coin_usdc = code == "USDC";
                amount.currency = 0;
                return;
            }
        }
        if (amount.currency < 0 || value >= 0) { // a word beats a bare sign
            amount.currency = value;
        }
    }

    void attach_currency(std::size_t i) {
        const bool prev = i > 0 && is(i - 1, Kind::amount);
        const bool next = is(i + 1, Kind::amount);
        if (!prev && !next) {
            return;
        }
        Amount* before = prev ? &m_.amounts[static_cast<std::size_t>(at(i - 1).value)] : nullptr;
        Amount* after = next ? &m_.amounts[static_cast<std::size_t>(at(i + 1).value)] : nullptr;
        const bool glued_prev = prev && at(i).glued;
        const bool glued_next = next && at(i + 1).glued;
        if (before != nullptr && (after == nullptr || glued_prev ||
                                  (!glued_next && before->currency == no_currency &&
                                   before->power + before->decimals + before->plain_digits > 2))) {
            set_currency(*before, i);
        } else if (after != nullptr) {
            set_currency(*after, i);
        }
    }

    // 27-27.5 is a range; 95.5/111.5k two prices with one multiplier.
    void join_ranges() {
        for (std::size_t i = 0; i + 2 < m_.marks.size(); ++i) {
            if (!is(i, Kind::amount) || !is(i + 2, Kind::amount) || !at(i + 1).glued ||
                !at(i + 2).glued) {
                continue;
            }
            Amount& low = m_.amounts[static_cast<std::size_t>(at(i).value)];
            Amount& high = m_.amounts[static_cast<std::size_t>(at(i + 2).value)];
            const bool dash = punct(i + 1, '-') || punct(i + 1, 0x2014) || punct(i + 1, '~');
            if (!dash && !punct(i + 1, '/')) {
                continue;
            }
            if (low.power == 0 && high.power != 0 && !low.grouped) {
                low.power = high.power;
            }
            if (high.currency != no_currency && low.currency == no_currency) {
                low.currency = high.currency;
            }
            if (low.currency != no_currency && high.currency == no_currency) {
                high.currency = low.currency;
            }
            if (dash) {
                low.upper = static_cast<std::int32_t>(i + 2);
                high.used = true;
            } else {
                high.pair = true;
            }
        }
    }

    // "SBGH269? no SBGA413", "5230P green? skip": the writer takes it back. A question about the dial takes back the dial alone.
    void drop_corrected() {
        for (std::size_t i = 0; i < m_.marks.size(); ++i) {
            if (is(i, Kind::reference) && taken_back(i)) {
                become(i, Kind::correction, 0);
            }
        }
    }

    bool taken_back(std::size_t i) const {
        std::size_t question = i + 1;
        while (question < i + 4 && !punct(question, '?')) {
            if (!is(question, Kind::dial) && !is(question, Kind::word) &&
                !is(question, Kind::note) && !is(question, Kind::filler)) {
                return false;
            }
            ++question;
        }
        if (!punct(question, '?')) {
            return false;
        }
        const bool direct = question == i + 1;
        const std::string_view next = word(question + 1);
        if (next == "skip" || next == "pass") {
            return true;
        }
        if (direct && (reads(question + 1, Kind::correction) || next == "no" || next == "nope")) {
            return true;
        }
        bool amount = false;
        for (std::size_t k = question + 1;
             k < m_.marks.size() && k < question + near && !is(k, Kind::newline); ++k) {
            if (is(k, Kind::reference)) {
                return !amount && !line_buys(i) && k < question + 8;
            }
            amount = amount || is(k, Kind::amount) || is(k, Kind::dial);
        }
        // "139.021 ?" on its own line among others
        const bool opens = i == 0 || is(i - 1, Kind::newline);
        return direct && opens && !amount && !line_buys(i) && m_.idents.size() > 2;
    }

    bool line_buys(std::size_t i) const {
        for (std::size_t steps = 0; i-- > 0 && steps < 4 * near; ++steps) {
            if (m_.marks[i].kind == Kind::side) {
                return m_.marks[i].value == static_cast<std::int32_t>(Side::buy);
            }
        }
        return false;
    }

    // A nickname beside a reference completes it or says nothing new; alone it identifies the watch.
    void settle_nicknames() {
        const bool any_reference = std::any_of(m_.marks.begin(), m_.marks.end(), [](const Mark& m) {
            return m.kind == Kind::reference;
        });
        const bool any_nick = std::any_of(m_.marks.begin(), m_.marks.end(),
                                          [](const Mark& m) { return m.kind == Kind::nickname; });
        for (std::size_t i = 0; i < m_.marks.size(); ++i) {
            const bool dial_word = at(i).kind == Kind::dial && !any_reference && !any_nick;
            const auto nick = reading_of(at(i).phrase, Kind::nickname);
            if (!nick || (at(i).kind != Kind::nickname && !dial_word && at(i).kind != Kind::dial)) {
                continue;
            }
            const std::size_t partner = reference_near(i);
            if (partner < m_.marks.size()) {
                absorb(i, static_cast<std::size_t>(at(partner).value), *nick);
            } else if (at(i).kind == Kind::nickname || dial_word) {
                identify(i, *nick);
            }
        }
    }

    std::size_t reference_near(std::size_t i) const {
        const auto look = [&](bool forward) {
            std::size_t j = i;
            for (std::size_t steps = 0;; ++steps) {
                if (steps > near) {
                    return m_.marks.size();
                }
                if (forward ? ++j >= m_.marks.size() : j-- == 0) {
                    return m_.marks.size();
                }
                if (is(j, Kind::newline) ||
                    (is(j, Kind::amount) && !small(j) && !(forward && bare(j)))) {
                    return m_.marks.size();
                }
                if (is(j, Kind::reference) &&
                    m_.idents[static_cast<std::size_t>(m_.marks[j].value)].nick < 0) {
                    return j;
                }
            }
        };
        const std::size_t back = look(false);
        return back < m_.marks.size() ? back : look(true);
    }

    bool bare(std::size_t i) const { // "BB58 925 79010SG"
        const Amount& amount = m_.amounts[static_cast<std::size_t>(m_.marks[i].value)];
        return amount.plain_digits > 0 && amount.plain_digits <= 3 && amount.power == 0 &&
               amount.currency == no_currency;
    }

    bool small(std::size_t i)
        const { // a year written with two digits does not part a nickname from its reference
        const Amount& amount = m_.amounts[static_cast<std::size_t>(m_.marks[i].value)];
        return amount.plain_digits == 2 && amount.power == 0 && amount.currency == no_currency &&
               !is(i + 1, Kind::newline) && i + 1 < m_.marks.size();
    }

    void absorb(std::size_t i, std::size_t ident_index, std::int32_t nick) {
        Ident& ident = m_.idents[ident_index];
        if (ident.first < ident.last) {
            const NicknameRow& row = tables::nicknames[static_cast<std::size_t>(nick)];
            for (std::size_t r = row.first; r < std::size_t{row.first} + row.references; ++r) {
                const std::string_view canonical =
                    tables::references[tables::nickname_references[r]].canonical;
                if (canonical.starts_with(ident.reference) &&
                    complete_by_suffix(ident, canonical.substr(ident.reference.size()))) {
                    break;
                }
            }
        }
        if (at(i).kind == Kind::nickname) {
            at(i).kind = Kind::filler;
        }
    }

    void identify(std::size_t i, std::int32_t nick) {
        const NicknameRow& row = tables::nicknames[static_cast<std::size_t>(nick)];
        Ident ident;
        ident.brand = row.brand;
        ident.nick = nick;
        ident.low = row.low;
        ident.high = row.high;
        if (row.references == 1) {
            ident.row = tables::nickname_references[row.first];
            const ReferenceRow& reference = tables::references[static_cast<std::size_t>(ident.row)];
            ident.reference = std::string{reference.canonical};
            ident.plain = reference.plain;
            ident.rule = "reference.nickname";
        } else {
            ident.rule = "model.nickname";
        }
        const bool keeps_dial = at(i).kind == Kind::dial;
        m_.idents.push_back(std::move(ident));
        at(i).kind = Kind::reference;
        at(i).value = static_cast<std::int32_t>(m_.idents.size() - 1);
        (void)keeps_dial;
    }

    Message& m_;
};

} // namespace

void resolve(Message& message) { Resolver{message}.run(); }

} // namespace vestari::parser
