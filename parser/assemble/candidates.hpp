// The numbers of an item that may be its price, each with the part that the words before it give it.
//
// Invariants  in the order of the text, one for each of the item's amounts; not all are struck out.
#pragma once

#include <cstdint>
#include <vector>

#include "parser/group/facts.hpp"

namespace vestari::parser {

enum class Role : std::uint8_t { plain, asking, retail, paid, before, bid, extra, slip };

struct Candidate {
    std::size_t mark = 0;
    Role role = Role::plain;
    bool struck = false;
    bool dead = false; // taken back, or something else than money
};

using Candidates = Few<Candidate, 6>;

Candidates find_candidates(const Message& message, const Item& item);

} // namespace vestari::parser
