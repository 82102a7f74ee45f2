// How much a number means: 13.5 is 13 500, 1.250k a million and a quarter, where the catalogue's prices of the watch allow it.
//
// Invariants  amounts are counted in thousandths of a unit, decimals stay exact; only the comparison with the band is rough.
#pragma once

#include "parser/recognise/mark.hpp"

namespace vestari::parser {

// What the watch costs by the catalogue, in dollars.
class Band {
public:
    explicit Band(const Ident& ident) : ident_{ident} {}

    double low() const { return ident_.low == 0 ? 700.0 : static_cast<double>(ident_.low); }

    double high() const {
        return ident_.high == 0 ? 1'500'000.0 : static_cast<double>(ident_.high);
    }
    bool known() const { return ident_.low != 0; }
    bool holds(double major, Currency currency) const;

private:
    const Ident& ident_; // must outlive it
};

struct Value {
    std::int64_t thousandths = 0; // of a major unit
    bool bare = false;
    bool in_band = true;
    bool face = false;
};

Value value_of(const Amount& amount, Currency currency, const Ident& ident);

// In the currency's smallest unit.
std::int64_t minor_of(std::int64_t thousandths, Currency currency);

} // namespace vestari::parser
