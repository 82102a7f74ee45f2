// What a stretch of a message says about a watch, each fact with the mark that says it.
#pragma once

#include <cstdint>
#include <vector>

#include "parser/group/few.hpp"
#include "parser/recognise/mark.hpp"

namespace vestari::parser {

struct Fact {
    std::int32_t value = 0;
    std::int32_t mark = -1; // -1: not said
    bool said() const noexcept { return mark >= 0; }
    void say(std::int32_t what, std::size_t where) noexcept {
        value = what;
        mark = static_cast<std::int32_t>(where);
    }
};

struct Facts {
    Fact side, sold, condition, set, year, month, dial, bracelet, metal, quantity, place,
        availability, currency, brand, percent;
    bool tether = false;
    bool coin_usdc = false;
    bool plural_set = false;
    bool code_condition = false; // the condition comes from the N or U of a card code
    bool dial_asked = false;     // "wimbledon? no": a later colour replaces it

    // What is missing here is taken from there.
    void fill_from(const Facts& other);
    bool any() const noexcept;
};

struct Range {
    std::size_t from = 0, to = 0;
};

// The facts of the marks [from, to) and the amounts among them, in the order of the text.
void collect(const Message& message, Range range, Facts& facts, Places* amounts);

// One watch on offer: where its words stand and what governs it.
struct Item {
    std::size_t ident = 0; // mark
    std::size_t line = 0;
    Range range;          // its own words
    Facts own, governing; // said of it; said by headers, leads and footers
    Places amounts;       // marks
    std::size_t header_distance = 0;
    bool lot = false;    // one price for several watches
    bool alone = false;  // the only watch of the message
    bool listed = false; // one of several lines that look alike
    bool each = false;
};

std::vector<Item> group_items(const Message& message);

} // namespace vestari::parser
