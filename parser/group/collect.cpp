// Marks to facts: one look at each mark of a stretch, and the facts that one word tells.
#include "parser/group/collector.hpp"

namespace vestari::parser {

void Collector::run(Range range) {
    from_ = range.from;
    to_ = range.to;
    for (i_ = range.from; i_ < range.to; ++i_) {
        one();
    }
    settle_box_and_papers();
}

// NOLINTNEXTLINE(readability-function-size): what one mark says, kind by kind
void Collector::one() {
    switch (mark().kind) {
    case Kind::side: side(); break;
    case Kind::condition: condition(); break;
    case Kind::set: set(); break;
    case Kind::availability: availability(); break;
    case Kind::bracelet:
        if (!f_.bracelet.said() ||
            f_.bracelet.value == static_cast<std::int32_t>(Bracelet::bracelet)) {
            f_.bracelet.say(mark().value, i_);
        }
        break;
    case Kind::metal:
        if (!f_.metal.said()) {
            f_.metal.say(mark().value, i_);
        }
        break;
    case Kind::dial: dial(); break;
    case Kind::date: date(); break;
    case Kind::place:
        if (!f_.place.said()) {
            f_.place.say(mark().value, i_);
        }
        break;
    case Kind::currency: currency(); break;
    case Kind::brand:
    case Kind::family:
        if (!f_.brand.said()) {
            f_.brand.say(mark().value, i_);
        }
        break;
    case Kind::quantity:
        if (!f_.quantity.said() && mark().value > 0 &&
            !(i_ > 0 && (word(i_ - 1) == "em" || word(i_ - 1) == "in"))) {
            f_.quantity.say(mark().value, i_);
        }
        break;
    case Kind::count:
        if (!f_.quantity.said() && is(i_ + 1, Kind::reference)) {
            f_.quantity.say(mark().value, i_);
        }
        break;
    case Kind::percent:
        if (!f_.percent.said()) {
            f_.percent.say(mark().value, i_);
        }
        break;
    case Kind::amount:
        if (amounts_ != nullptr && !m_.amounts[static_cast<std::size_t>(mark().value)].used) {
            amounts_->push_back(i_);
        }
        break;
    case Kind::part:
    case Kind::filler: box_word(); break;
    case Kind::punct:
        if (mark().value == 0x274c && !f_.sold.said() && i_ > from_) {
            f_.sold.say(1, i_); // ❌ behind an item
        }
        break;
    default: break;
    }
}

bool Collector::denied() const {
    const bool before = i_ > from_ && is(i_ - 1, Kind::negation);
    std::size_t next = i_ + 1;
    while (punct(next, '?')) {
        ++next;
    }
    const bool after =
        next > i_ + 1 && (is(next, Kind::negation) || word(next) == "no" || word(next) == "nope");
    return before || after;
}

void Collector::condition() {
    if (denied()) {
        return;
    }
    if (!f_.condition.said() || f_.code_condition || mark().value < f_.condition.value) {
        f_.condition.say(mark().value, i_);
        f_.code_condition = false;
    }
}

void Collector::availability() {
    if (denied()) {
        return;
    }
    auto value = static_cast<Availability>(mark().value);
    if (word(i_).starts_with("dispo") && is(i_ + 1, Kind::place)) {
        value = Availability::ready; // dispo Paris
    }
    const bool stronger =
        value == Availability::hold || value == Availability::pending ||
        (value != Availability::available &&
         f_.availability.value == static_cast<std::int32_t>(Availability::available));
    if (!f_.availability.said() || stronger) {
        f_.availability.say(static_cast<std::int32_t>(value), i_);
    }
}

// Rare dials are the watch's; a plain colour beside them is a detail.
int Collector::rank(std::string_view name) noexcept {
    for (const std::string_view plain :
         {"black", "white", "blue", "green", "grey", "silver", "pink", "red", "yellow", "brown",
          "golden", "orange", "purple"}) {
        if (name == plain) {
            return 0;
        }
    }
    return 1;
}

void Collector::dial() {
    const bool corrects =
        i_ > from_ + 1 && is(i_ - 1, Kind::negation) && punct(i_ - 2, '?'); // green? no silver
    if (denied() && !corrects && !punct(i_ + 1, '?')) {
        return;
    }
    const bool asked = punct(i_ + 1, '?') || punct(i_ + 2, '?');
    const bool better =
        f_.dial.said() && !asked &&
        (f_.dial_asked || (rank(tables::dials[static_cast<std::size_t>(mark().value)]) >
                               rank(tables::dials[static_cast<std::size_t>(f_.dial.value)]) &&
                           static_cast<std::size_t>(f_.dial.mark) + 2 >= i_));
    if (!f_.dial.said() || better) {
        f_.dial.say(mark().value, i_);
        f_.dial_asked = asked;
    }
}

void Collector::currency() {
    const bool attached = (i_ > 0 && is(i_ - 1, Kind::amount)) || is(i_ + 1, Kind::amount);
    if (attached && amounts_ != nullptr) {
        return;
    }
    // words of other meanings count only beside an amount
    for (const std::string_view common :
         {"try", "won", "real", "rand", "nt", "quid", "pounds", "sr", "bd", "kd", "rs"}) {
        if (word(i_) == common) {
            return;
        }
    }
    const auto value = static_cast<std::int16_t>(mark().value);
    if (f_.currency.said() && f_.currency.value >= 0) {
        return;
    }
    if (value >= 0) {
        const std::string_view code = tables::currencies[static_cast<std::size_t>(value)].code;
        f_.tether = code == "USDT" || code == "USDC";
        f_.coin_usdc = code == "USDC";
    }
    f_.currency.say(f_.tether ? 0 : value, i_);
}

void collect(const Message& message, Range range, Facts& facts, Places* amounts) {
    Collector{message, facts, amounts}.run(range);
}

} // namespace vestari::parser
