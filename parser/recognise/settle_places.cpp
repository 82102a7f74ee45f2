#include "parser/recognise/settle.hpp"

namespace vestari::parser {

namespace {

class Places : Settler {
public:
    using Settler::Settler;

    // "US card", "to HK", "from Geneva" say nothing about where the watch is.
    void settle(std::size_t i) {
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

private:
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
};

} // namespace

void settle_place(Message& message, std::size_t i) { Places{message}.settle(i); }

} // namespace vestari::parser
