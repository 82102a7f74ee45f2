#include <cmath>

#include "parser/assemble/assemble.hpp"
#include "parser/assemble/candidates.hpp"
#include "parser/assemble/currency.hpp"
#include "parser/assemble/magnitude.hpp"
#include "parser/recognise/look.hpp"

namespace vestari::parser {

namespace {

class Reader : Look {
public:
    Reader(const Message& message, const Item& item, Facts& facts)
        : Look{message}, m_{message}, item_{item}, f_{facts},
          list_{find_candidates(message, item)} {}

    Price run() {
        percent();
        take_year();
        if (item_.lot) {
            return price_;
        }
        const Candidate* chosen = choose();
        if (chosen != nullptr) {
            read(*chosen);
        } else {
            price_.masked = masked();
        }
        return price_;
    }

private:
    const Ident& ident() const {
        return m_.idents[static_cast<std::size_t>(m_.marks[item_.ident].value)];
    }
    Currency currency_of(const Amount& a) const {
        return parser::currency_of(a, f_.currency, *m_.context);
    }

    bool year_like(std::size_t mark) const {
        const Amount& a = amount(mark);
        if (a.plain_digits != 2 || a.currency != no_currency || a.power != 0 || a.upper >= 0 ||
            a.pair) {
            return false;
        }
        return a.digits <= 27 || (a.digits >= 50 && a.digits <= 99 && a.plain_digits == 2);
    }

    // "116610LN 17 10.3": a number of two digits before the price is the card's year.
    void take_year() {
        if (list_.size() < 2) {
            return;
        }
        const bool strong = std::any_of(list_.begin(), list_.end(), [this](const Candidate& c) {
            const Amount& a = amount(c.mark);
            return a.currency != no_currency || a.power != 0 || a.grouped;
        });
        for (std::size_t k = 0; k < list_.size(); ++k) {
            if (k + 1 == list_.size() && !strong) {
                return;
            }
            Candidate& candidate = list_[k];
            if (candidate.role != Role::plain || candidate.dead || candidate.struck ||
                !year_like(candidate.mark) || candidate.mark < item_.ident) {
                continue;
            }
            if (f_.year.said() && item_.own.year.said()) {
                continue;
            }
            const std::int64_t value = amount(candidate.mark).digits;
            f_.year.say(static_cast<std::int32_t>(value + (value <= 30 ? 2000 : 1900)),
                        candidate.mark);
            candidate.dead = true;
            return;
        }
    }

    bool masked() const {
        for (std::size_t i = item_.range.from; i < item_.range.to; ++i) {
            if (is(i, Kind::masked) || cue(i) == Cue::dm) {
                return true;
            }
        }
        return false;
    }

    const Candidate* choose() const {
        const Candidate* best = nullptr;
        int best_rank = -1;
        for (const Candidate& c : list_) {
            if (c.dead || c.struck || c.role == Role::retail || c.role == Role::paid ||
                c.role == Role::before || c.role == Role::extra || c.role == Role::slip) {
                continue;
            }
            const Amount& a = amount(c.mark);
            int rank = 0;
            if (a.currency != no_currency || a.tether) {
                rank = 6;
            } else if (a.power != 0) {
                rank = 4;
            } else if (a.grouped || a.decimals != 0) {
                rank = 3;
            } else {
                rank = 1;
                if (a.plain_digits >= 7 && !fits(c.mark)) {
                    continue;
                }
            }
            if (c.role == Role::asking) {
                rank += 5;
            }
            if (c.role == Role::bid) {
                rank = 2;
            }
            // of two currencies or payment ways the first stated is the price
            if (best != nullptr && best_rank >= 3 && best_rank <= 6 && rank <= 6 &&
                c.role == Role::plain && reads_well(best->mark)) {
                continue;
            }
            const bool later = rank == best_rank && best != nullptr && rank <= 1;
            if (rank > best_rank || later) {
                best = &c;
                best_rank = rank;
            }
        }
        return best;
    }

    bool fits(std::size_t mark) const {
        const Currency currency = currency_of(amount(mark));
        return Band{ident()}.holds(static_cast<double>(amount(mark).digits), currency);
    }

    bool reads_well(std::size_t mark) const {
        const Amount& a = amount(mark);
        return value_of(a, currency_of(a), ident()).in_band;
    }

    // Percent of list, with its sign.
    void percent() {
        for (std::size_t i = item_.range.from; i < item_.range.to; ++i) {
            if (!is(i, Kind::percent)) {
                continue;
            }
            const Amount& a = amount(i);
            double value = static_cast<double>(a.digits) / std::pow(10.0, a.decimals);
            const bool minus = i > 0 && (punct(i - 1, '-') || punct(i - 1, 0x2014) ||
                                         word(i - 1) == "minus" || word(i - 1) == "less");
            const bool plus = i > 0 && (punct(i - 1, '+') || word(i - 1) == "plus");
            bool off = false;
            bool over = false;
            bool list = false;
            for (std::size_t j = i > 4 ? i - 4 : 0; j < i + 4 && j < m_.marks.size(); ++j) {
                off = off || cue(j) == Cue::off;
                over = over || cue(j) == Cue::over;
                list = list || cue(j) == Cue::retail;
            }
            if (!minus && !plus && !off && !over && !list && !item_.governing.percent.said()) {
                if (value >= 80 && value <= 100 && !f_.condition.said()) {
                    f_.condition.say(static_cast<std::int32_t>(value >= 98 ? Condition::like_new
                                                                           : Condition::used),
                                     i);
                }
                continue;
            }
            if (value > 100 || value <= 0) {
                continue;
            }
            value = minus || (off && !plus) ? -value : value;
            price_.list_pct = value;
            if (price_.mark < 0) {
                price_.mark = static_cast<std::int32_t>(i);
                price_.rule = "price.list_percent";
            }
            return;
        }
    }

    void read(const Candidate& chosen) {
        const Amount& a = amount(chosen.mark);
        const Currency currency = currency_of(a);
        const Value value = value_of(a, currency, ident());
        if (value.thousandths <= 0) {
            return;
        }
        price_.money = Money{minor_of(value.thousandths, currency), currency};
        price_.mark = static_cast<std::int32_t>(chosen.mark);
        price_.in_band = value.in_band;
        price_.face = value.face;
        price_.bare = value.bare && a.currency == no_currency;
        price_.asked = chosen.role == Role::asking;
        price_.rule = a.spelled                   ? "price.spelled"
                      : a.currency != no_currency ? "price.currency"
                      : a.power != 0              ? "price.unit"
                      : a.grouped                 ? "price.grouped"
                                                  : "price.bare";
        price_.tether = a.tether || (a.currency == no_currency && f_.tether);
        price_.coin_usdc = a.tether ? a.coin_usdc : f_.coin_usdc;
        price_.by_account =
            a.currency == no_currency && !f_.currency.said() && !m_.context->group_currency;
        const double usd = static_cast<double>(value.thousandths) / 1000.0 / rate_of(currency);
        const Band band{ident()};
        price_.far_below = band.known() && usd < band.low() / 3.2;
        const auto same_kind = [&](const Amount& other) {
            Amount like = other;
            if (like.currency == no_currency) {
                like.currency = a.currency;
            }
            return minor_of(value_of(like, currency, ident()).thousandths, currency);
        };
        if (a.upper >= 0) {
            const std::int64_t upper = same_kind(amount(static_cast<std::size_t>(a.upper)));
            if (upper > price_.money->minor) {
                price_.upper = upper;
            }
        }
        for (const Candidate& c : list_) {
            if (&c != &chosen && !c.dead && (c.struck || c.role == Role::before)) {
                const std::int64_t previous = same_kind(amount(c.mark));
                if (previous != price_.money->minor && previous > 0) {
                    price_.previous = previous;
                }
            } else if (c.mark > chosen.mark && !c.dead && c.role == Role::plain &&
                       amount(c.mark).currency != no_currency) {
                const Currency other = currency_of(amount(c.mark));
                if (other != currency) {
                    price_.others.push_back(
                        {minor_of(value_of(amount(c.mark), other, ident()).thousandths, other),
                         other});
                }
            }
        }
    }

    const Message& m_;
    const Item& item_;
    Facts& f_;
    Candidates list_;
    Price price_;
};

} // namespace

Price read_price(const Message& message, const Item& item, Facts& facts) {
    return Reader{message, item, facts}.run();
}

} // namespace vestari::parser
