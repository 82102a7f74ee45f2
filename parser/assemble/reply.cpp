#include "parser/assemble/assemble.hpp"
#include "parser/recognise/recognise.hpp"
#include "parser/tables/lookup.hpp"

namespace vestari::parser {

namespace {

class Reply {
public:
    Reply(const Message& message, Deal deal) : m_{message}, deal_{std::move(deal)} {}

    std::vector<Deal> run() {
        Places amounts;
        collect(m_, {0, m_.marks.size()}, facts_, &amounts);
        weigh();
        const bool short_bid = amounts.size() == 1 && m_.marks.size() <= 12 && !told_;
        if (told_ || talk_ > (short_bid ? 4 : 1) || words_ > 4) {
            return {};
        }
        const bool negated = std::any_of(m_.marks.begin(), m_.marks.end(), [](const Mark& mark) {
            return mark.kind == Kind::negation;
        });
        if (facts_.sold.said() && !negated) {
            return sold(amounts);
        }
        if (facts_.availability.said() && amounts.empty() && !question_) {
            return held();
        }
        if (amounts.size() == 1 || (amounts.size() > 1 && drop_)) {
            return priced(amounts.back());
        }
        return {};
    }

private:
    // Words of the one who sells: a new amount beside them is a drop, not a bid.
    static bool sellers_word(std::string_view w) noexcept {
        for (const std::string_view start :
             {"drop",  "reduced", "new price",  "price", "last",   "now",        "firm",   "asking",
              "net",   "takes",   "still have", "降",    "減",     "减",         "最後",   "最后",
              "down",  "jetzt",   "nur noch",   "ahora", "adesso", "maintenant", "値下",   "値引",
              "nu ",   "теперь",  "сейчас",     "agora", "simdi",  "şimdi",      "ribass", "abbass",
              "rebaj", "baisse",  "reduziert",  "снижен"}) {
            if (w.starts_with(start)) {
                return true;
            }
        }
        return false;
    }

    void weigh() {
        for (const Mark& mark : m_.marks) {
            if (mark.kind == Kind::talk) {
                talk_ += mark.value;
            } else if (mark.kind == Kind::word && mark.value == 0) {
                ++words_;
            } else if (mark.kind == Kind::punct && mark.value == '?') {
                question_ = true;
            } else if (mark.kind == Kind::veto) {
                talk_ += 3;
            }
            const std::string_view w = m_.of(mark);
            const bool sellers = sellers_word(w);
            drop_ = drop_ || sellers;
            told_ = told_ || (mark.kind == Kind::talk && mark.value >= 2 && !sellers) ||
                    w == "too" || w == "was" || w == "last week" || w == "last month" ||
                    w == "yesterday" || w == "ago" || w == "retail" || w == "msrp" || w == "paid";
        }
    }

    Span whole() const { return {0, m_.folded.origin.back()}; }

    void answered() {
        for (Evidence& evidence : deal_.evidence) {
            evidence.span.in_quote = true;
        }
        if (!m_.context->quote_verified) {
            deal_.confidence *= 0.8;
        }
    }

    std::optional<Price> price_of(std::size_t mark) {
        Message copy = m_;
        Ident ident;
        if (deal_.reference) {
            Message reference;
            reference.context = m_.context;
            reference.folded.fold(*deal_.reference);
            read_reference(reference, 0, brand_index(deal_.brand).value_or(-1), ident);
        }
        copy.idents.assign(1, ident);
        Mark stand_in;
        stand_in.kind = Kind::reference;
        copy.marks.push_back(stand_in);
        Item item;
        item.ident = copy.marks.size() - 1;
        item.range = {0, copy.marks.size()};
        item.amounts.be(mark);
        Facts facts = facts_;
        Price price = read_price(copy, item, facts);
        if (!price.money) {
            return std::nullopt;
        }
        const Amount& amount = m_.amounts[static_cast<std::size_t>(m_.marks[mark].value)];
        if (amount.currency == no_currency && deal_.price &&
            deal_.price->currency != price.money->currency) {
            const auto factor = [](Currency c) { return c.minor_per_major(); };
            price.money = Money{price.money->minor / factor(price.money->currency) *
                                    factor(deal_.price->currency),
                                deal_.price->currency};
        }
        return price;
    }

    std::vector<Deal> sold(const Places& amounts) {
        answered();
        deal_.side = Side::sold;
        deal_.availability = Availability::sold;
        if (deal_.price) {
            deal_.price_kind = PriceKind::ask;
        }
        if (!amounts.empty()) {
            if (const auto price = price_of(amounts.back())) {
                deal_.price = price->money;
                deal_.price_kind = PriceKind::sold;
                deal_.evidence.push_back({"price", whole(), "reply.sold"});
            }
        }
        deal_.evidence.push_back({"side", whole(), "reply.sold"});
        return {deal_};
    }

    std::vector<Deal> held() {
        const auto value = static_cast<Availability>(facts_.availability.value);
        if (value != Availability::hold && value != Availability::pending &&
            value != Availability::available) {
            return {};
        }
        answered();
        deal_.availability = value;
        deal_.evidence.push_back({"availability", whole(), "reply.availability"});
        return {deal_};
    }

    std::vector<Deal> priced(std::size_t mark) {
        const auto price = price_of(mark);
        if (!price || !price->in_band) {
            return {};
        }
        if (deal_.price && deal_.price->currency == price->money->currency) {
            const double ratio =
                static_cast<double>(price->money->minor) / static_cast<double>(deal_.price->minor);
            if (ratio < 0.5 || ratio > 1.6) {
                return {};
            }
        }
        answered();
        const bool buying =
            facts_.side.said() && facts_.side.value == static_cast<std::int32_t>(Side::buy);
        if (drop_ && !question_ && !buying) {
            if (deal_.price && deal_.price->minor != price->money->minor) {
                deal_.price_prev_minor = deal_.price->minor;
            }
            deal_.price = price->money;
            deal_.price_kind = deal_.side == Side::buy ? PriceKind::bid : PriceKind::ask;
        } else {
            const bool answers_buyer = deal_.side == Side::buy;
            deal_.side = answers_buyer ? Side::sell : Side::buy;
            deal_.price = price->money;
            deal_.price_kind = answers_buyer ? PriceKind::ask : PriceKind::bid;
            deal_.availability.reset();
            deal_.location.reset();
            if (answers_buyer) { // the seller's own watch
                own_attributes();
            }
        }
        deal_.price_max_minor = price->upper;
        deal_.alt_prices.clear();
        deal_.evidence.push_back({"price", whole(), "reply.price"});
        return {deal_};
    }

    void own_attributes() {
        if (facts_.condition.said()) {
            deal_.condition = static_cast<Condition>(facts_.condition.value);
        }
        if (facts_.set.said()) {
            deal_.set = static_cast<Set>(facts_.set.value);
        }
        if (facts_.year.said()) {
            deal_.year = facts_.year.value;
        }
        if (facts_.month.said()) {
            deal_.month = facts_.month.value;
        }
    }

    const Message& m_;
    Deal deal_;
    Facts facts_;
    std::int32_t talk_ = 0;
    std::size_t words_ = 0;
    bool question_ = false;
    bool drop_ = false;
    bool told_ = false;
};

// "23.5 on the white": of a quoted list the one watch that has what the reply names.
void only_the_named(const Message& message, std::vector<Deal>& quoted) {
    Facts named;
    collect(message, {0, message.marks.size()}, named, nullptr);
    if (!named.dial.said() && !named.bracelet.said() && !named.year.said()) {
        quoted.clear();
        return;
    }
    std::erase_if(quoted, [&](const Deal& deal) {
        const bool dial = named.dial.said() &&
                          deal.dial != tables::dials[static_cast<std::size_t>(named.dial.value)];
        const bool bracelet =
            named.bracelet.said() && deal.bracelet != static_cast<Bracelet>(named.bracelet.value);
        return dial || bracelet || (named.year.said() && deal.year != named.year.value);
    });
}

} // namespace

std::vector<Deal> read_reply(const Message& message, std::vector<Deal> quoted) {
    if (quoted.size() > 1) {
        only_the_named(message, quoted);
    }
    if (quoted.size() != 1) {
        return {};
    }
    return Reply{message, std::move(quoted.front())}.run();
}

} // namespace vestari::parser
