#include "parser/group/facts.hpp"
#include "parser/tables/lookup.hpp"

namespace vestari::parser {

namespace {

class Collector {
public:
    Collector(const Message& message, Facts& facts, std::vector<std::size_t>* amounts)
        : m_{message}, f_{facts}, amounts_{amounts} {}

    void run(Range range) {
        from_ = range.from;
        to_ = range.to;
        for (i_ = range.from; i_ < range.to; ++i_) {
            one();
        }
        settle_box_and_papers();
    }

private:
    const Mark& mark() const { return m_.marks[i_]; }
    bool is(std::size_t i, Kind kind) const {
        return i < m_.marks.size() && m_.marks[i].kind == kind;
    }
    bool reads(std::size_t i, Kind kind) const {
        return i < m_.marks.size() &&
               (m_.marks[i].kind == kind || reading_of(m_.marks[i].phrase, kind).has_value());
    }
    bool cue(std::size_t i, Cue wanted) const {
        return i < m_.marks.size() &&
               reading_of(m_.marks[i].phrase, Kind::cue) == static_cast<std::int32_t>(wanted);
    }
    bool punct(std::size_t i, char32_t c) const {
        return is(i, Kind::punct) && m_.marks[i].value == static_cast<std::int32_t>(c);
    }
    std::string_view word(std::size_t i) const {
        return i < m_.marks.size() ? m_.of(m_.marks[i]) : std::string_view{};
    }

    bool denied() const {
        const bool before = i_ > from_ && is(i_ - 1, Kind::negation);
        std::size_t next = i_ + 1;
        while (punct(next, '?')) {
            ++next;
        }
        const bool after = next > i_ + 1 &&
                           (is(next, Kind::negation) || word(next) == "no" || word(next) == "nope");
        return before || after;
    }

    void one() {
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

    void side() {
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
    bool offers_trade() const {
        bool watch = false;
        for (std::size_t i = i_, steps = 0; i-- > 0 && steps < 60 && !is(i, Kind::newline);
             ++steps) {
            watch = watch || is(i, Kind::reference);
            if (is(i, Kind::side)) {
                return watch && m_.marks[i].value == static_cast<std::int32_t>(Side::trade);
            }
        }
        return false;
    }

    // "nobody wanted", "would you buy", "bid 80, ask 84": words of a story or of a price, no cue.
    bool told() const {
        if (i_ > 1 && is(i_ - 1, Kind::side) && is(i_ - 2, Kind::talk) && word(i_ - 2) != "i" &&
            word(i_ - 2) != "we") {
            return true; // everybody want sell
        }
        if (i_ > 0 && is(i_ - 1, Kind::talk)) {
            const std::string_view w = word(i_ - 1);
            return w != "i" && w != "i'm" && w != "im" && w != "we" && w != "we are" &&
                   w != "still" && w != "are" && w != "today" && w != "just" && w != "really" &&
                   w != "also";
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
    bool another_follows() const {
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

    void condition() {
        if (denied()) {
            return;
        }
        if (!f_.condition.said() || f_.code_condition || mark().value < f_.condition.value) {
            f_.condition.say(mark().value, i_);
            f_.code_condition = false;
        }
    }

    void set() {
        if (denied()) {
            return;
        }
        const auto value = static_cast<Set>(mark().value);
        if (i_ > from_ && word(i_).ends_with("only") && value == Set::papers_only &&
            (word(i_ - 1) == "eu" || reads(i_ - 1, Kind::place))) {
            return; // "EU cards only": where the card is from
        }
        const std::string_view w = word(i_);
        if (w.ends_with("sets") || w.starts_with("all ")) {
            f_.plural_set = true;
        }
        const bool archive =
            f_.set.said() && f_.set.value == static_cast<std::int32_t>(Set::watch_only) &&
            value == Set::box_only && f_.set.mark + 4 > static_cast<std::int32_t>(i_);
        const bool two_missing =
            f_.set.said() && ((f_.set.value == static_cast<std::int32_t>(Set::papers_only) &&
                               word(i_).starts_with("no ") && value == Set::box_only &&
                               word(static_cast<std::size_t>(f_.set.mark)).starts_with("no ")));
        if (two_missing) {
            f_.set.say(static_cast<std::int32_t>(Set::watch_only), i_);
        } else if (!f_.set.said() || archive) {
            f_.set.say(mark().value, i_);
        }
    }

    void availability() {
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
    static int rank(std::string_view name) noexcept {
        for (const std::string_view plain :
             {"black", "white", "blue", "green", "grey", "silver", "pink", "red", "yellow", "brown",
              "golden", "orange", "purple"}) {
            if (name == plain) {
                return 0;
            }
        }
        return 1;
    }

    void dial() {
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

    void date() {
        const Date& date = m_.dates[static_cast<std::size_t>(mark().value)];
        if (date.code != 0 && (!f_.condition.said())) {
            f_.condition.say(static_cast<std::int32_t>(date.code == 'n' ? Condition::brand_new
                                                                        : Condition::used),
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
            (i_ > from_ &&
             (cue(i_ - 1, Cue::service) ||
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

    void currency() {
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

    // Box ✅ Papers ✅, box yes papers no
    void box_word() {
        const std::string_view w = word(i_);
        const bool box = w == "box" || w == "boxes";
        const bool papers =
            w == "papers" || w == "card" || w == "docs" || w == "paper" || w == "cards";
        if (!box && !papers) {
            return;
        }
        std::size_t next = i_ + 1;
        while (punct(next, ':') || punct(next, '-')) {
            ++next;
        }
        const bool yes = word(next) == "yes" || punct(next, 0x2705) || word(next) == "y";
        const bool no = is(next, Kind::negation) || punct(next, 0x274c) ||
                        (i_ > from_ && is(i_ - 1, Kind::negation));
        const std::string_view partner = punct(i_ + 1, ',') ? word(i_ + 2) : std::string_view{};
        if (box && !f_.set.said() &&
            (partner == "papers" || partner == "card" || partner == "docs" ||
             partner == "warranty")) {
            f_.set.say(static_cast<std::int32_t>(Set::full_set), i_); // box, papers, extract
            return;
        }
        if (yes || no) {
            (box ? box_ : papers_) = yes ? 1 : -1;
            said_at_ = i_;
        } else if (box && f_.set.said() &&
                   f_.set.value == static_cast<std::int32_t>(Set::watch_only) &&
                   f_.set.mark + 3 >= static_cast<std::int32_t>(i_) && is(i_ - 1, Kind::punct)) {
            f_.set.say(static_cast<std::int32_t>(Set::box_only), i_); // archive, box
        } else if (box && i_ > from_ && punct(i_ - 1, ',') && word(i_ - 2) == "watch") {
            f_.set.say(static_cast<std::int32_t>(Set::box_only), i_);
        }
    }

    void settle_box_and_papers() {
        if (box_ == 0 && papers_ == 0) {
            return;
        }
        if (f_.set.said() && (box_ == 0 || papers_ == 0)) {
            return;
        }
        const Set set = box_ > 0 && papers_ > 0   ? Set::full_set
                        : box_ > 0                ? Set::box_only
                        : papers_ > 0             ? Set::papers_only
                        : box_ < 0 && papers_ < 0 ? Set::watch_only
                        : box_ < 0                ? Set::papers_only
                                                  : Set::box_only;
        f_.set.say(static_cast<std::int32_t>(set), said_at_);
    }

    const Message& m_;
    Facts& f_;
    std::vector<std::size_t>* amounts_;
    std::size_t from_ = 0, to_ = 0, i_ = 0;
    int box_ = 0, papers_ = 0;
    std::size_t said_at_ = 0;
};

void fill(Fact& to, const Fact& from) {
    if (!to.said()) {
        to = from;
    }
}

} // namespace

void Facts::fill_from(const Facts& other) {
    if (!currency.said() && other.currency.said()) {
        tether = other.tether;
        coin_usdc = other.coin_usdc;
    }
    if (!condition.said() && other.condition.said()) {
        code_condition = other.code_condition;
    }
    for (Fact Facts::* member :
         {&Facts::side, &Facts::sold, &Facts::condition, &Facts::set, &Facts::dial,
          &Facts::bracelet, &Facts::metal, &Facts::quantity, &Facts::place, &Facts::availability,
          &Facts::currency, &Facts::brand, &Facts::percent}) {
        fill(this->*member, other.*member);
    }
    if (!year.said() && !(month.said())) {
        fill(month, other.month);
    }
    fill(year, other.year);
    fill(month, other.month.said() && other.year.said() && year.mark != other.year.mark
                    ? Fact{}
                    : other.month);
}

bool Facts::any() const noexcept {
    return side.said() || sold.said() || condition.said() || set.said() || year.said() ||
           place.said() || availability.said() || currency.said() || brand.said() || dial.said() ||
           bracelet.said() || metal.said() || month.said();
}

void collect(const Message& message, Range range, Facts& facts, std::vector<std::size_t>* amounts) {
    Collector{message, facts, amounts}.run(range);
}

} // namespace vestari::parser
