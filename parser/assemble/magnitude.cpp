#include "parser/assemble/magnitude.hpp"

#include "parser/assemble/currency.hpp"

namespace vestari::parser {

namespace {

std::int64_t power10(int n) {
    std::int64_t p = 1;
    for (; n > 0; --n) {
        p *= 10;
    }
    return p;
}

std::int64_t scaled(const Amount& a, int power) {
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

// One number read with one currency for one watch.
class Magnitude {
public:
    Magnitude(Currency currency, const Ident& ident)
        : currency_{currency}, ident_{ident}, band_{ident} {}

    Value read(const Amount& a) const {
        if (a.power != 0) {
            return with_unit(a);
        }
        if (a.grouped) {
            return grouped(a);
        }
        const bool small = a.digits < 1000 * power10(a.decimals);
        return small ? in_thousands(a) : written_out(a);
    }

private:
    bool band(std::int64_t thousandths) const {
        return band_.holds(static_cast<double>(thousandths) / 1000.0, currency_);
    }

    // 13.5k, 1.2m
    Value with_unit(const Amount& a) const {
        Value value;
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

    // 13,500 and 13.500
    Value grouped(const Amount& a) const {
        Value value;
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

    // 13500
    Value written_out(const Amount& a) const {
        Value value;
        value.thousandths = scaled(a, 0);
        value.in_band = band(value.thousandths);
        value.bare = a.currency == no_currency;
        if (!value.in_band && a.decimals == 0 && a.digits < 10'000 &&
            static_cast<double>(a.digits) / rate_of(currency_) < band_.low() / 3 &&
            band(scaled(a, 3))) {
            value.thousandths = scaled(a, 3);
            value.in_band = true;
        }
        return value;
    }

    // 13.5, which nearly always leaves out the thousands
    Value in_thousands(const Amount& a) const {
        Value value;
        value.bare = true;
        if (ident_.high != 0 && ident_.high < 1000 && band(scaled(a, 0))) {
            value.thousandths = scaled(a, 0);
            return value;
        }
        const std::string_view code = currency_.code();
        const bool ten_thousands = code == "JPY" || code == "CNY" || code == "KRW" || code == "TWD";
        value.thousandths = scaled(a, 3);
        value.in_band = band(value.thousandths);
        if (!value.in_band && a.currency != no_currency && a.decimals == 0 && a.digits >= 20 &&
            static_cast<double>(value.thousandths) / 1000.0 / rate_of(currency_) >
                band_.high() * 3 &&
            !band(scaled(a, 4))) {
            value.thousandths = scaled(a, 0); // $350 for a box
            value.face = true;
            return value;
        }
        if (!value.in_band ||
            (ident_.low == 0 && ten_thousands && a.decimals == 0 && code == "JPY")) {
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

    Currency currency_;
    const Ident& ident_;
    Band band_;
};

} // namespace

bool Band::holds(double major, Currency currency) const {
    const double usd = major / rate_of(currency);
    return usd >= low() / 3 && usd <= high() * 3;
}

Value value_of(const Amount& amount, Currency currency, const Ident& ident) {
    return Magnitude{currency, ident}.read(amount);
}

std::int64_t minor_of(std::int64_t thousandths, Currency currency) {
    const int exponent = exponent_of(currency);
    return exponent == 3 ? thousandths : exponent == 2 ? thousandths / 10 : thousandths / 1000;
}

} // namespace vestari::parser
