// Who sells, buys, trades or has sold, and the words that only tell of it.
#include "parser/group/collector.hpp"

namespace vestari::parser {

void Collector::side() {
    const auto value = static_cast<Side>(mark().value);
    if (value == Side::sold) {
        const bool part_sold = i_ > 1 && word(i_ - 2) == "of";
        if (!f_.sold.said() && !denied() && !part_sold && !another_follows()) {
            f_.sold.say(2, i_);
        }
        return;
    }
    if (value == Side::buy && offers_trade()) {
        return; // "FTO …, want a 5711"
    }
    if (!f_.side.said() && !denied() && !told()) {
        f_.side.say(mark().value, i_);
    }
}

// A trade and its watch stand before it in the line: a wish in exchange.
bool Collector::offers_trade() const {
    bool watch = false;
    for (std::size_t i = i_, steps = 0; i-- > 0 && steps < 60 && !is(i, Kind::newline); ++steps) {
        watch = watch || is(i, Kind::reference);
        if (is(i, Kind::side)) {
            return watch && m_.marks[i].value == static_cast<std::int32_t>(Side::trade);
        }
    }
    return false;
}

// "nobody wanted", "would you buy", "bid 80, ask 84": words of a story or of a price, no cue.
bool Collector::told() const {
    if (i_ > 1 && is(i_ - 1, Kind::side) && is(i_ - 2, Kind::talk) && word(i_ - 2) != "i" &&
        word(i_ - 2) != "we") {
        return true; // everybody want sell
    }
    if (i_ > 0 && is(i_ - 1, Kind::talk)) {
        const std::string_view w = word(i_ - 1);
        return w != "i" && w != "i'm" && w != "im" && w != "we" && w != "we are" && w != "still" &&
               w != "are" && w != "today" && w != "just" && w != "really" && w != "also";
    }
    if (word(i_) == "bid") {
        for (std::size_t i = i_ + 1; i < to_ && i < i_ + 5; ++i) {
            if (word(i) == "ask") {
                return true;
            }
        }
    }
    return false;
}

// "Sold! Next up: …", "sold, now offering …": the sold watch is not the one that is named.
bool Collector::another_follows() const {
    for (std::size_t i = i_ + 1; i < to_ && i < i_ + 8 && !is(i, Kind::reference); ++i) {
        const std::string_view w = word(i);
        const bool sells =
            is(i, Kind::side) && m_.marks[i].value == static_cast<std::int32_t>(Side::sell);
        if (sells || w == "next" || w == "another" || w == "new one" || w == "now available" ||
            w == "replaced") {
            return true;
        }
    }
    return false;
}

} // namespace vestari::parser
