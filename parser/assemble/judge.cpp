#include "parser/assemble/assemble.hpp"
#include "parser/tables/lookup.hpp"

namespace vestari::parser {

namespace {

class Judge {
public:
    Judge(const Message& message, const std::vector<Item>& items, const Item& item,
          const Facts& facts, const Price& price)
        : m_{message}, items_{items}, item_{item}, f_{facts}, p_{price} {}

    bool offer() {
        weigh_words();
        return points() - against_ > 0.9;
    }

private:
    bool is(std::size_t i, Kind kind) const {
        return i < m_.marks.size() && m_.marks[i].kind == kind;
    }
    bool punct(std::size_t i, char32_t c) const {
        return is(i, Kind::punct) && m_.marks[i].value == static_cast<std::int32_t>(c);
    }
    bool cue(std::size_t i, Cue wanted) const {
        return i < m_.marks.size() &&
               reading_of(m_.marks[i].phrase, Kind::cue) == static_cast<std::int32_t>(wanted);
    }

    bool ends_sentence(std::size_t i) const {
        if (is(i, Kind::newline)) {
            return true;
        }
        return (punct(i, '.') || punct(i, '!') || punct(i, '?')) && i + 1 < m_.marks.size() &&
               !m_.marks[i + 1].glued;
    }

    // What the sentence with the watch says, in full; what the rest of the message says, in part.
    void weigh_words() {
        std::size_t from = item_.ident;
        while (from > 0 && !ends_sentence(from - 1)) {
            --from;
        }
        std::size_t to = item_.ident;
        while (to < m_.marks.size() && !ends_sentence(to)) {
            ++to;
        }
        std::size_t words = 0;
        for (std::size_t i = 0; i < m_.marks.size(); ++i) {
            const bool inside = i >= from && i < to;
            const bool own = i >= item_.range.from && i < item_.range.to;
            const Mark& mark = m_.marks[i];
            const double share = inside ? 1.0 : line_speaks_for_all(i) ? 1.0 : 0.35;
            if (const auto weight = reading_of(mark.phrase, Kind::veto)) {
                against_ += mark.kind == Kind::veto || inside ? 4.0 : 1.0;
            }
            if (mark.kind == Kind::talk) {
                against_ += share * (mark.value == 1 ? 0.55 : mark.value == 2 ? 1.6 : 3.2);
            } else if (mark.kind == Kind::word && mark.value == 0 && (inside || own)) {
                ++words;
            } else if (mark.kind == Kind::part && own) {
                ++parts_;
            }
            // "in 2006" tells a story
            if (inside && mark.kind == Kind::date && i > 0 && m_.of(m_.marks[i - 1]) == "in") {
                against_ += 1.3;
            }
            question_ = question_ || (inside && punct(i, '?') && i > item_.ident);
        }
        if (to < m_.marks.size() && punct(to, '?')) {
            question_ = true;
            end_question_ = true;
        }
        against_ += 0.22 * static_cast<double>(std::min<std::size_t>(words, 12));
    }

    // Headers and footers of a list.
    bool line_speaks_for_all(std::size_t i) const {
        if (items_.size() < 2) {
            return false;
        }
        std::size_t from = i;
        while (from > 0 && !is(from - 1, Kind::newline)) {
            --from;
        }
        for (std::size_t j = from; j < m_.marks.size() && !is(j, Kind::newline); ++j) {
            if (is(j, Kind::reference)) {
                return false;
            }
        }
        return true;
    }

    double points() {
        double points = 0;
        const bool held =
            f_.availability.said() &&
            (f_.availability.value == static_cast<std::int32_t>(Availability::hold) ||
             f_.availability.value == static_cast<std::int32_t>(Availability::pending));
        const bool side = f_.side.said() || f_.sold.said() || held;
        points += side ? 2.0 : 0.0;
        points += p_.money ? 1.0 : 0.0;
        points += p_.list_pct ? 1.0 : 0.0;
        points += p_.masked ? 1.0 : 0.0;
        points += p_.asked ? 0.8 : 0.0;
        double attributes = 0;
        for (const Fact* fact :
             {&f_.condition, &f_.set, &f_.year, &f_.availability, &f_.quantity, &f_.month}) {
            attributes += fact->said() ? 1.0 : 0.0;
        }
        for (const Fact* fact : {&f_.dial, &f_.bracelet, &f_.metal, &f_.place, &f_.currency}) {
            attributes += fact->said() ? 0.5 : 0.0;
        }
        points += attributes;
        const bool first = leads_sentence();
        points += first ? 0.6 : 0.0;
        if (items_.size() >= 3 && item_.listed) {
            points += 0.8;
        }
        const bool bought = f_.side.said() && f_.side.value == static_cast<std::int32_t>(Side::buy);
        if (!p_.money && !p_.list_pct && !side && !p_.masked && attributes < 2.0) {
            return -1; // a watch and next to nothing said of it
        }
        if (question_ && !bought) {
            against_ += end_question_ && !side ? 1.2 : 0.4;
        }
        if (parts_ > 0 && !f_.year.said() && !f_.set.said()) {
            against_ += 3.0;
        }
        if (p_.far_below && p_.money) {
            against_ += f_.set.said() && f_.year.said() && parts_ == 0 ? 1.0 : 3.5;
        } else if (p_.money && !p_.in_band) {
            against_ += 0.7;
        }
        if (nickname_only()) {
            points -= 0.4;
        }
        return points;
    }

    bool nickname_only() const {
        return m_.idents[static_cast<std::size_t>(m_.marks[item_.ident].value)].nick >= 0;
    }

    bool leads_sentence() const {
        for (std::size_t i = item_.ident; i-- > 0;) {
            const Mark& mark = m_.marks[i];
            if (mark.kind == Kind::newline || ends_sentence(i)) {
                return true;
            }
            if (mark.kind == Kind::word || mark.kind == Kind::talk || mark.kind == Kind::part) {
                return false;
            }
        }
        return true;
    }

    const Message& m_;
    const std::vector<Item>& items_;
    const Item& item_;
    const Facts& f_;
    const Price& p_;
    double against_ = 0;
    std::size_t parts_ = 0;
    bool question_ = false, end_question_ = false;
};

} // namespace

bool is_offer(const Message& message, const std::vector<Item>& items, const Item& item,
              const Facts& facts, const Price& price) {
    return Judge{message, items, item, facts, price}.offer();
}

} // namespace vestari::parser
