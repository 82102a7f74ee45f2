// The date of a card, and dates that are not a card's: of a service, a story, a wish ("2020 or newer").
#include "parser/group/collector.hpp"

namespace vestari::parser {

void Collector::date() {
    const Date& date = m_.dates[static_cast<std::size_t>(mark().value)];
    if (date.code != 0 && (!f_.condition.said())) {
        f_.condition.say(
            static_cast<std::int32_t>(date.code == 'n' ? Condition::brand_new : Condition::used),
            i_);
        f_.code_condition = true;
    }
    if (date.nothing || date.open) {
        return;
    }
    const std::string_view next = word(i_ + 1);
    const std::string_view after = word(i_ + 2);
    const bool newer = next == "or" && (after == "newer" || after == "later" || after == "up" ||
                                        after == "younger" || after == "above");
    const bool up = next == "onwards" || next == "onward" || next == "newer" || next == "min" ||
                    next == "and up" || next == "up" ||
                    (i_ > 0 && (word(i_ - 1) == "min" ||
                                (word(i_ - 1) == "from" && f_.side.said() &&
                                 f_.side.value == static_cast<std::int32_t>(Side::buy))));
    const bool service =
        cue(i_ + 1, Cue::service) ||
        (i_ > from_ && (cue(i_ - 1, Cue::service) ||
                        (i_ > from_ + 1 && cue(i_ - 2, Cue::service) && !is(i_ - 1, Kind::punct))));
    const bool told_year = date.bare && i_ > from_ && word(i_ - 1) == "in"; // "was 7k in 2015"
    if (newer || up || service || told_year) {
        return;
    }
    const bool production = cue(i_ + 1, Cue::production);
    if (date.year != 0 && (!f_.year.said() || production)) {
        f_.year.say(date.year, i_);
    }
    if (date.month != 0 && !f_.month.said() &&
        (f_.year.mark == static_cast<std::int32_t>(i_) || date.year == 0 || !f_.year.said())) {
        f_.month.say(date.month, i_);
    }
}

} // namespace vestari::parser
