#include "parser/recognise/settle.hpp"

namespace vestari::parser {

namespace {

class Numbers : Settler {
public:
    using Settler::Settler;

    void settle(std::size_t i) {
        switch (at(i).kind) {
        case Kind::date: settle_date(i); break;
        case Kind::reference: settle_reference(i); break;
        case Kind::brand: settle_brand(i); break;
        default: break;
        }
    }

private:
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
};

} // namespace

void settle_number(Message& message, std::size_t i) { Numbers{message}.settle(i); }

} // namespace vestari::parser
