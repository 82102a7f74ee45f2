// What must never enter a record, found before anything else is read (DOMAIN section 7).
//
// Invariants  ranges lie inside the text, do not overlap and go up. A payment card is 13 to 19 digits that pass the Luhn check, in any
//             spacing, and is no reference of the catalogue.
// Cost        linear.
#pragma once

#include <string_view>
#include <vector>

#include "parser/recognise/mark.hpp"

namespace vestari::parser {

void find_sensitive(std::string_view folded, std::vector<Hidden>& found);

} // namespace vestari::parser
