#include <cmath>
#include <cstdlib>

#include "parser/assemble/assemble.hpp"
#include "parser/tables/lookup.hpp"

namespace vestari::parser {

namespace {

enum class Role : std::uint8_t { plain, asking, retail, paid, before, bid, extra, slip };

struct Candidate {
    std::size_t mark;
    Role role = Role::plain;
    bool struck = false;
    bool dead = false;
};

class Reader {
public:
    Reader(const Message& message, const Item& item, Facts& facts)
        : m_{message}, item_{item}, f_{facts} {}

    Price run() {
        gather();
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
    bool is(std::size_t i, Kind kind) const {
        return i < m_.marks.size() && m_.marks[i].kind == kind;
    }
    bool punct(std::size_t i, char32_t c) const {
        return is(i, Kind::punct) && m_.marks[i].value == static_cast<std::int32_t>(c);
    }
    std::string_view word(std::size_t i) const {
        return i < m_.marks.size() ? m_.of(m_.marks[i]) : std::string_view{};
    }
    const Amount& amount(std::size_t mark) const {
        return m_.amounts[static_cast<std::size_t>(m_.marks[mark].value)];
    }
    std::optional<Cue> cue(std::size_t i) const {
        if (i >= m_.marks.size()) {
            return std::nullopt;
        }
        const auto value = reading_of(m_.marks[i].phrase, Kind::cue);
        return value ? std::optional<Cue>{static_cast<Cue>(*value)} : std::nullopt;
    }
    const Ident& ident() const {
        return m_.idents[static_cast<std::size_t>(m_.marks[item_.ident].value)];
    }

    Role role_of(std::size_t mark) const {
        for (std::size_t back = 1; back <= 4 && back <= mark; ++back) {
            const std::size_t i = mark - back;
            if (is(i, Kind::amount) || is(i, Kind::newline) || is(i, Kind::reference) ||
                (is(i, Kind::punct) && (m_.marks[i].value == ',' || m_.marks[i].value == ';'))) {
                break;
            }
            if (punct(i, '+') && back <= 2) {
                return Role::extra;
            }
            if (const auto found = cue(i)) {
                switch (*found) {
                case Cue::asking: return Role::asking;
                case Cue::wish: return Role::asking;
                case Cue::retail: return Role::retail;
                case Cue::paid: return Role::paid;
                case Cue::was:
                    return word(i) == "from" && is(mark + 1, Kind::word) ? Role::plain
                                                                         : Role::before;
                case Cue::bid: return Role::bid;
                case Cue::slip:
                    return word(i) == "was typed" || word(i) == "not the" ? Role::slip
                                                                          : Role::asking;
                case Cue::extra: return word(i) == "extra" && back <= 2 ? Role::extra : Role::plain;
                default: break;
                }
            }
            if (is(i, Kind::side)) {
                const std::string_view w = word(i);
                if (w == "bid") {
                    return Role::bid;
                }
                return Role::asking;
            }
        }
        return Role::plain;
    }

    void gather() {
        std::size_t slip = 0;
        for (const std::size_t mark : item_.amounts) {
            Candidate candidate{mark, role_of(mark), false, false};
            if (candidate.role == Role::slip) {
                candidate.dead = true;
            }
            const bool corrected =
                mark > 0 && cue(mark - 1) == Cue::slip && word(mark - 1) != "was typed";
            if (corrected && !list_.empty()) {
                for (Candidate& earlier : list_) {
                    earlier.dead = true;
                }
                slip = mark;
            }
            list_.push_back(candidate);
        }
        (void)slip;
        mark_struck();
        arrows();
    }

    // ~$31,500~ and ~~€14.900~~, when another amount stands outside
    void mark_struck() {
        bool inside = false;
        std::size_t next = 0;
        for (std::size_t i = item_.range.from; i < item_.range.to && next < list_.size(); ++i) {
            if (punct(i, '~')) {
                inside = !inside;
                if (punct(i + 1, '~') && m_.marks[i + 1].glued) {
                    ++i;
                }
            }
            if (i == list_[next].mark) {
                list_[next].struck = inside;
                ++next;
            }
        }
        const bool outside =
            std::any_of(list_.begin(), list_.end(), [](const Candidate& c) { return !c.struck; });
        for (Candidate& candidate : list_) {
            candidate.struck = candidate.struck && outside;
        }
    }

    // 14.5 -> 13.9
    void arrows() {
        for (std::size_t k = 0; k + 1 < list_.size(); ++k) {
            bool arrow = false;
            bool other = false;
            for (std::size_t i = list_[k].mark + 1; i < list_[k + 1].mark; ++i) {
                arrow = arrow || punct(i, 0x2192) || (punct(i, '-') && punct(i + 1, '>')) ||
                        (punct(i, '=') && punct(i + 1, '>')) || punct(i, '>');
                other = other || is(i, Kind::reference);
            }
            if (arrow && !other) {
                list_[k].role = Role::before;
                list_[k + 1].role = Role::asking;
            }
        }
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
        return in_band(static_cast<double>(amount(mark).digits), currency);
    }

    bool reads_well(std::size_t mark) const {
        const Amount& a = amount(mark);
        return value_of(a, currency_of(a)).in_band;
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

    Currency by_code(std::string_view code) const {
        return Currency::parse(code).value_or(Currency::of("USD"));
    }

    Currency dollar(std::optional<Currency> group) const {
        if (group) {
            for (const std::string_view code : {"HKD", "SGD", "AUD", "CAD", "TWD", "NZD"}) {
                if (group->code() == code) {
                    return *group;
                }
            }
        }
        return Currency::of("USD");
    }

    Currency open_sign(std::int16_t sign) const {
        const auto group = m_.context->group_currency;
        if (sign == dollar_sign) {
            return dollar(group);
        }
        if (sign == yen_sign) {
            return group && (group->code() == "CNY" || group->code() == "JPY") ? *group
                   : group && group->code() == "HKD"                           ? by_code("CNY")
                                                                               : by_code("JPY");
        }
        if (group && (group->code() == "SEK" || group->code() == "NOK" || group->code() == "DKK" ||
                      group->code() == "CZK")) {
            return *group;
        }
        return by_code("SEK");
    }

    Currency named(std::int32_t value) const {
        if (value < 0) {
            return open_sign(static_cast<std::int16_t>(value));
        }
        return by_code(tables::currencies[static_cast<std::size_t>(value)].code);
    }

    Currency currency_of(const Amount& a) const {
        if (a.currency >= 0) {
            return named(a.currency);
        }
        if (f_.currency.said() && (a.currency == no_currency || f_.currency.value >= 0)) {
            const bool dollar_in_euro =
                a.currency == dollar_sign && !is_dollar(named(f_.currency.value));
            if (!dollar_in_euro) {
                return named(f_.currency.value);
            }
        }
        if (a.currency != no_currency) {
            return open_sign(a.currency);
        }
        return m_.context->group_currency.value_or(m_.context->account_currency);
    }

    static bool is_dollar(Currency c) {
        return c.code().ends_with('D') && c.code() != "AED" && c.code() != "KWD" &&
               c.code() != "BHD";
    }

    double rate(Currency currency) const {
        for (const CurrencyRow& row : tables::currencies) {
            if (row.code == currency.code()) {
                return row.per_usd;
            }
        }
        return 1;
    }

    double low() const { return ident().low == 0 ? 700.0 : static_cast<double>(ident().low); }
    double high() const {
        return ident().high == 0 ? 1'500'000.0 : static_cast<double>(ident().high);
    }

    bool in_band(double major, Currency currency) const {
        const double usd = major / rate(currency);
        return usd >= low() / 3 && usd <= high() * 3;
    }

    // The value in major units × 1000, to keep decimals exact.
    struct Value {
        std::int64_t thousandths = 0;
        bool bare = false;
        bool in_band = true;
        bool face = false;
    };

    static std::int64_t power10(int n) {
        std::int64_t p = 1;
        for (; n > 0; --n) {
            p *= 10;
        }
        return p;
    }

    static std::int64_t scaled(const Amount& a, int power) {
        const int shift = 3 + power - a.decimals;
        if (a.digits > 100'000'000'000'000 || shift > 12) {
            return 0;
        }
        if (shift >= 0) {
            const std::int64_t factor = power10(shift);
            return a.digits > 9'000'000'000'000'000 / factor ? 0 : a.digits * factor;
        }
        return a.digits / power10(-shift);
    }

    Value value_of(const Amount& a, Currency currency) const {
        const auto band = [&](std::int64_t thousandths) {
            return in_band(static_cast<double>(thousandths) / 1000.0, currency);
        };
        Value value;
        if (a.power != 0) {
            value.thousandths = scaled(a, a.power);
            value.in_band = band(value.thousandths);
            if (!value.in_band && a.grouped && a.three) { // 1.250k
                Amount decimal = a;
                decimal.decimals = 3;
                for (const int power : {static_cast<int>(a.power), 6}) {
                    if (!value.in_band && band(scaled(decimal, power))) {
                        value.thousandths = scaled(decimal, power);
                        value.in_band = true;
                    }
                }
            } else if (!value.in_band && a.decimals > 0) {
                // a unit that makes nonsense: 1.135k for a million, 95.5m for thousands
                for (const int power : {6, 3, 4}) {
                    if (power != a.power && band(scaled(a, power))) {
                        value.thousandths = scaled(a, power);
                        value.in_band = true;
                        break;
                    }
                }
            } else if (!value.in_band && a.unit_m && a.digits >= 100) { // 124m
                for (const int power : {3, 4}) {
                    if (band(scaled(a, power))) {
                        value.thousandths = scaled(a, power);
                        break;
                    }
                }
            }
            return value;
        }
        if (a.grouped) {
            value.thousandths = scaled(a, 0);
            value.in_band = band(value.thousandths);
            if (!value.in_band && a.three && a.digits < 10'000) {
                Amount decimal = a;
                decimal.decimals = static_cast<std::int8_t>(a.decimals + 3);
                for (const int power : {6, 3}) {
                    if (band(scaled(decimal, power)) && power != 3) {
                        value.thousandths = scaled(decimal, power);
                        value.in_band = true;
                        break;
                    }
                }
            }
            return value;
        }
        const bool small = a.digits < 1000 * power10(a.decimals);
        value.bare = true;
        if (!small) {
            value.thousandths = scaled(a, 0);
            value.in_band = band(value.thousandths);
            value.bare = a.currency == no_currency;
            if (!value.in_band && a.decimals == 0 && a.digits < 10'000 &&
                static_cast<double>(a.digits) / rate(currency) < low() / 3 && band(scaled(a, 3))) {
                value.thousandths = scaled(a, 3);
                value.in_band = true;
            }
            return value;
        }
        if (ident().high != 0 && ident().high < 1000 && band(scaled(a, 0))) {
            value.thousandths = scaled(a, 0);
            return value;
        }
        const std::string_view code = currency.code();
        const bool ten_thousands = code == "JPY" || code == "CNY" || code == "KRW" || code == "TWD";
        value.thousandths = scaled(a, 3);
        value.in_band = band(value.thousandths);
        if (!value.in_band && a.currency != no_currency && a.decimals == 0 && a.digits >= 20 &&
            static_cast<double>(value.thousandths) / 1000.0 / rate(currency) > high() * 3 &&
            !band(scaled(a, 4))) {
            value.thousandths = scaled(a, 0); // $350 for a box
            value.face = true;
            return value;
        }
        if (!value.in_band ||
            (ident().low == 0 && ten_thousands && a.decimals == 0 && code == "JPY")) {
            for (const int power : {6, ten_thousands ? 4 : 6, 0, code == "INR" ? 5 : 6}) {
                if (band(scaled(a, power))) {
                    value.thousandths = scaled(a, power);
                    value.in_band = true;
                    break;
                }
            }
        }
        return value;
    }

    std::int64_t minor(std::int64_t thousandths, Currency currency) const {
        return currency.exponent() == 3   ? thousandths
               : currency.exponent() == 2 ? thousandths / 10
                                          : thousandths / 1000;
    }

    void read(const Candidate& chosen) {
        const Amount& a = amount(chosen.mark);
        const Currency currency = currency_of(a);
        const Value value = value_of(a, currency);
        if (value.thousandths <= 0) {
            return;
        }
        price_.money = Money{minor(value.thousandths, currency), currency};
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
        const double usd = static_cast<double>(value.thousandths) / 1000.0 / rate(currency);
        price_.far_below = ident().low != 0 && usd < low() / 3.2;
        const auto same_kind = [&](const Amount& other) {
            Amount like = other;
            if (like.currency == no_currency) {
                like.currency = a.currency;
            }
            return minor(value_of(like, currency).thousandths, currency);
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
                        {minor(value_of(amount(c.mark), other).thousandths, other), other});
                }
            }
        }
    }

    const Message& m_;
    const Item& item_;
    Facts& f_;
    std::vector<Candidate> list_;
    Price price_;
};

} // namespace

Price read_price(const Message& message, const Item& item, Facts& facts) {
    return Reader{message, item, facts}.run();
}

} // namespace vestari::parser
