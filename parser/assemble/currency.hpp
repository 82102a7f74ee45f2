// Which currency a number is in: what stands at it, else what governs its lines, else the group's, else the account's.
#pragma once

#include "parser/group/facts.hpp"

namespace vestari::parser {

// `governing` is what the lines around the number say, where they say it.
Currency currency_of(const Amount& amount, const Fact& governing, const Context& context);

// Units of the currency that buy one dollar, roughly; 1 where rates.csv lacks it.
double rate_of(Currency currency);

int exponent_of(Currency currency);

} // namespace vestari::parser
