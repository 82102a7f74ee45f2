// What is missing in one stretch's facts is taken from another's.
#include "parser/group/facts.hpp"

namespace vestari::parser {

namespace {

void fill(Fact& to, const Fact& from) {
    const bool said = to.said(); // chosen without a branch: nobody can foresee it
    to.value = said ? to.value : from.value;
    to.mark = said ? to.mark : from.mark;
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

} // namespace vestari::parser
