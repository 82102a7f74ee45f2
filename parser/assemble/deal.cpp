#include "parser/assemble/assemble.hpp"
#include "parser/assemble/judge.hpp"
#include "parser/recognise/look.hpp"
#include "parser/recognise/recognise.hpp"

namespace vestari::parser {

namespace {

class Assembler {
public:
    Assembler(Message& message, std::vector<Item>& items)
        : m_{message}, items_{items}, judge_{message, items} {
        if (may_tell_trade()) {
            note_trades();
        }
        deals_.reserve(items.size());
    }

    std::vector<Deal> run() {
        for (std::size_t k = 0; k < items_.size(); ++k) {
            one(items_[k]);
        }
        return std::move(deals_);
    }

private:
    bool is(std::size_t i, Kind kind) const {
        return i < m_.marks.size() && m_.marks[i].kind == kind;
    }
    bool punct(std::size_t i, char32_t c) const {
        return is(i, Kind::punct) && m_.marks[i].value == static_cast<std::int32_t>(c);
    }
    std::string_view word(std::size_t i) const {
        return i < m_.marks.size() ? m_.of(m_.marks[i]) : std::string_view{};
    }

    Span span_of(std::int32_t mark) const {
        const Mark& m = m_.marks[static_cast<std::size_t>(mark)];
        return {m_.folded.origin[m.from], m_.folded.origin[m.to]};
    }

    void note(Deal& deal, std::string_view field, std::int32_t mark, std::string_view rule) const {
        if (mark >= 0) {
            if (deal.evidence.capacity() == 0) {
                deal.evidence.reserve(8); // few records say more
            }
            Evidence& said = deal.evidence.emplace_back(); // filled in its place
            said.field = field;
            said.span = span_of(mark);
            said.rule = rule;
        }
    }

    template <class Enum>
    void take(std::optional<Enum>& to, const Fact& fact, Deal& deal, std::string_view field) const {
        if (fact.said()) {
            to = static_cast<Enum>(fact.value);
            note(deal, field, fact.mark, "word");
        }
    }

    // Submariner stems take their letters from the colour.
    static void complete(Ident& ident, const Facts& facts) {
        if (ident.first >= ident.last || !facts.dial.said()) {
            return;
        }
        const std::string_view dial = tables::dials[static_cast<std::size_t>(facts.dial.value)];
        const std::string_view suffix = dial == "black"   ? "LN"
                                        : dial == "green" ? "LV"
                                        : dial == "blue"  ? "LB"
                                                          : "";
        if (!suffix.empty()) {
            complete_by_suffix(ident, suffix);
        }
    }

    void one(const Item& item) {
        Facts facts = item.own;
        const bool own_side = facts.side.said();
        facts.fill_from(item.governing);
        const Price price = read_price(m_, item, facts);
        if (!wanted(item) || !judge_.offer(item, facts, price)) {
            return;
        }
        Ident ident = m_.idents[static_cast<std::size_t>(m_.marks[item.ident].value)];
        complete(ident, facts);
        Deal deal;
        deal.brand = std::string{tables::brands[ident.brand]};
        if (ident.reference.empty()) {
            deal.model = std::string{tables::nicknames[static_cast<std::size_t>(ident.nick)].model};
        } else {
            deal.reference = ident.reference;
        }
        note(deal, ident.reference.empty() ? "model" : "reference",
             static_cast<std::int32_t>(item.ident), ident.rule);
        set_price(deal, price);
        set_side(deal, item, facts, price, own_side);
        take(deal.condition, facts.condition, deal, "condition");
        take(deal.set, facts.set, deal, "set");
        take(deal.bracelet, facts.bracelet, deal, "bracelet");
        take(deal.metal, facts.metal, deal, "metal");
        if (facts.year.said()) {
            deal.year = facts.year.value;
            note(deal, "year", facts.year.mark, "date");
        }
        if (facts.month.said()) {
            deal.month = facts.month.value;
            note(deal, "month", facts.month.mark, "date");
        }
        if (facts.dial.said()) {
            deal.dial = std::string{tables::dials[static_cast<std::size_t>(facts.dial.value)]};
            note(deal, "dial", facts.dial.mark, "word");
        }
        if (facts.quantity.said() && facts.quantity.value > 1) {
            deal.qty = facts.quantity.value;
            note(deal, "qty", facts.quantity.mark, "count");
        }
        if (facts.place.said()) {
            deal.location = std::string{static_cast<char>(facts.place.value / 256),
                                        static_cast<char>(facts.place.value % 256)};
            note(deal, "location", facts.place.mark, "place");
        }
        if (deal.side == Side::buy) {
            deal.availability.reset(); // a wish
        } else if (deal.side == Side::sold) {
            deal.availability = Availability::sold;
        } else {
            take(deal.availability, facts.availability, deal, "availability");
        }
        deal.notes = notes_of(item);
        deal.confidence = confidence(item, ident, facts, price, deal);
        if (deal.confidence >= store_from) {
            deals_.push_back(std::move(deal));
        }
    }

    bool may_tell_trade() const {
        const std::string_view text = m_.text();
        return m_.may_hold(Kind::nickname) || text.find("trade") != std::string_view::npos ||
               text.find("swap") != std::string_view::npos ||
               std::any_of(m_.marks.begin(), m_.marks.end(), [](const Mark& mark) {
                   return mark.kind == Kind::side &&
                          mark.value == static_cast<std::int32_t>(Side::trade);
               });
    }

    void note_trades() {
        bool trade = false;
        bool watch = false;
        before_.resize(m_.marks.size());
        for (std::size_t i = 0; i < m_.marks.size(); ++i) {
            before_[i] = static_cast<std::uint8_t>((trade ? trade_before : 0U) |
                                                   (watch ? watch_before : 0U));
            const std::string_view w = word(i);
            trade = trade ||
                    (is(i, Kind::side) &&
                     m_.marks[i].value == static_cast<std::int32_t>(Side::trade)) ||
                    (w.size() >= 5 && w.find("trade") != std::string_view::npos) || w == "swap";
            watch = watch || is(i, Kind::reference);
            if (is(i, Kind::newline)) {
                trade = false;
                watch = false;
            }
        }
    }

    // A watch wanted in exchange is no offer of its own.
    bool wanted(const Item& item) const {
        if (before_.empty()) {
            return true;
        }
        const Ident& ident = m_.idents[static_cast<std::size_t>(m_.marks[item.ident].value)];
        Facts own = item.own;
        own.brand = {};
        const bool mention = ident.nick >= 0 && !own.any(); // "… or BB58 plus cash"
        const unsigned before = before_[item.ident];
        return !(((before & trade_before) != 0 || mention) && (before & watch_before) != 0 &&
                 item.amounts.empty());
    }

    void set_price(Deal& deal, const Price& price) const {
        deal.list_pct = price.list_pct;
        if (!price.money) {
            if (price.list_pct) {
                deal.price_kind = PriceKind::list_pct;
                note(deal, "list_pct", price.mark, price.rule);
            }
            return;
        }
        deal.price = price.money;
        deal.price_max_minor = price.upper;
        deal.price_prev_minor = price.previous;
        deal.alt_prices = price.others;
        if (price.tether) {
            deal.settlement = price.coin_usdc ? Settlement::usdc : Settlement::usdt;
        }
        note(deal, "price", price.mark, price.rule);
    }

    void set_side(Deal& deal, const Item& item, const Facts& facts, const Price& price,
                  bool own_side) const {
        deal.side = facts.side.said() ? static_cast<Side>(facts.side.value) : Side::sell;
        if (facts.side.said()) {
            note(deal, "side", facts.side.mark, own_side ? "side.item" : "side.header");
        }
        bool sold_price = false;
        if (facts.sold.said()) {
            deal.side = Side::sold;
            note(deal, "side", facts.sold.mark, "side.sold");
            sold_price = price.money && price.mark >= 0 && facts.sold.mark < price.mark &&
                         facts.sold.value == 2;
        } else if (!facts.side.said() && is_bare_question(item, facts, price)) {
            deal.side = Side::unknown;
        }
        if (deal.side == Side::trade) {
            deal.price.reset();
            deal.price_max_minor.reset();
            deal.price_prev_minor.reset();
            deal.alt_prices.clear();
            deal.settlement.reset();
        }
        if (deal.price) {
            deal.price_kind = deal.side == Side::buy ? PriceKind::bid
                              : sold_price           ? PriceKind::sold
                                                     : PriceKind::ask;
        }
    }

    // "126610LN @ 11.5?"
    bool is_bare_question(const Item& item, const Facts& facts, const Price& price) const {
        if (!price.money || facts.condition.said() || facts.set.said() || facts.year.said() ||
            items_.size() > 1) {
            return false;
        }
        for (std::size_t i = static_cast<std::size_t>(price.mark) + 1; i < item.range.to; ++i) {
            if (punct(i, '?')) {
                return true;
            }
            if (!is(i, Kind::punct) && !is(i, Kind::currency)) {
                return false;
            }
        }
        return false;
    }

    // Words of our own vocabulary alone, so nothing of a person can stand here.
    std::string notes_of(const Item& item) const {
        std::string notes;
        for (std::size_t i = item.range.from; i < item.range.to; ++i) {
            if (reading_of(m_.marks[i], Kind::note) == 0 && m_.marks[i].phrase >= 0 &&
                notes.size() < 120) {
                notes += notes.empty() ? "" : ", ";
                notes += tables::phrases[static_cast<std::size_t>(m_.marks[i].phrase)].text;
            }
        }
        return notes;
    }

    double confidence(const Item& item, const Ident& ident, const Facts& facts, const Price& price,
                      const Deal& deal) const {
        double c = 0.95;
        c *= ident.known ? 1.0 : 0.85;
        c *= ident.stem && ident.row < 0 ? 0.9 : 1.0;
        c *= ident.nick >= 0 ? 0.9 : 1.0;
        c *= price.money && price.by_account ? 0.85 : 1.0;
        c *= price.money && price.bare ? 0.95 : 1.0;
        c *= price.money && !price.in_band ? 0.6 : 1.0;
        c *= price.rule == "price.spelled" ? 0.85 : 1.0;
        c *= !facts.side.said() && !facts.sold.said() ? 0.95 : 1.0;
        c *= item.header_distance > 15 ? 0.95 : 1.0;
        c *= ident.repaired || m_.context->origin == TextOrigin::ocr ? 0.8 : 1.0;
        c *= deal.side == Side::unknown ? 0.6 : 1.0;
        return c;
    }

    Message& m_;
    std::vector<Item>& items_;
    Judge judge_;
    static constexpr unsigned trade_before = 1, watch_before = 2;
    std::vector<std::uint8_t> before_; // what stands before each mark in its line
    std::vector<Deal> deals_;
};

} // namespace

std::vector<Deal> assemble(Message& message, std::vector<Item>& items) {
    return Assembler{message, items}.run();
}

} // namespace vestari::parser
