// Lines without a watch: headers govern the watches below them, footers those above.
#include "parser/group/grouper.hpp"

namespace vestari::parser {

bool Grouper::taken_back(Range range) const {
    for (std::size_t i = range.from; i < range.to; ++i) {
        if (is(i, Kind::correction) && m_.marks[i].phrase < 0) {
            return true;
        }
    }
    return false;
}

// "all 23 fs" in a header or footer: a bare year.
void Grouper::year_of_all(Range range, Facts& facts) const {
    bool all = false;
    for (std::size_t i = range.from; i < range.to; ++i) {
        all = all || cue(i, Cue::both);
        if (all && is(i, Kind::amount) && !facts.year.said()) {
            const Amount& amount = m_.amounts[static_cast<std::size_t>(m_.marks[i].value)];
            if (amount.plain_digits == 2 && amount.power == 0 && amount.currency == no_currency &&
                amount.digits <= 30) {
                facts.year.say(static_cast<std::int32_t>(2000 + amount.digits), i);
            }
        }
    }
}

bool Grouper::more_items(std::size_t l) const { return l < last_named_; }

// A date with a day in a header dates the list, not the cards.
void Grouper::drop_day(Range range, Facts& facts) const {
    for (std::size_t i = range.from; i < range.to; ++i) {
        if (is(i, Kind::date)) {
            const Date& date = m_.dates[static_cast<std::size_t>(m_.marks[i].value)];
            if (date.code == 0 && date.year == 0) {
                facts.month = {};
            }
            const std::string_view w = word(i);
            if (date.code == 0 && date.month != 0 && w.size() <= 5 &&
                w.find('/') != std::string_view::npos) {
                facts.month = {};
                facts.year = {};
            }
        }
    }
}

void Grouper::enter(Facts& header, const Facts& said) const {
    Facts next = said;
    const bool new_state = said.condition.said();
    const bool buying = said.side.said() && said.side.value == static_cast<std::int32_t>(Side::buy);
    Facts old = header;
    if (said.set.said() || buying) {
        if (buying || said.set.value == static_cast<std::int32_t>(Set::watch_only)) {
            old.year = {};
            old.month = {};
        }
    }
    if (buying ||
        (said.side.said() && header.side.said() && said.side.value != header.side.value)) {
        old.set = {};
        old.year = {};
    }
    if (new_state && said.condition.value == static_cast<std::int32_t>(Condition::used)) {
        old.year = {};
        old.month = {};
    }
    // what names one watch does not run on
    next.dial = {};
    next.quantity = {};
    next.percent = {};
    old.dial = {};
    old.bracelet = {};
    old.metal = {};
    old.sold = {};
    next.fill_from(old);
    header = next;
}

void Grouper::footer(Range range) {
    Facts facts;
    collect(m_, range, facts, nullptr);
    year_of_all(range, facts);
    facts.side = {};
    facts.sold = {};
    facts.dial = {};
    facts.bracelet = {};
    facts.metal = {};
    facts.brand = {};
    facts.quantity = {};
    facts.percent = {};
    footer_.fill_from(facts);
}

} // namespace vestari::parser
