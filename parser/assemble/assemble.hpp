// From items to deals: the one price among the numbers, the side, what counts as an offer, and how sure we are.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "parser/group/facts.hpp"

namespace vestari::parser {

struct Price {
    std::optional<Money> money;
    std::optional<std::int64_t> upper, previous;
    std::optional<double> list_pct;
    std::vector<Money> others;
    bool tether = false, coin_usdc = false;
    bool masked = false;     // "28,xxx", "dm for price"
    bool bare = false;       // no currency, unit or thousands mark
    bool in_band = true;     // what the catalogue expects, roughly
    bool far_below = false;  // far less than the watch costs: a part, a copy, a service
    bool face = false;       // a small amount with its currency, read as it stands
    bool by_account = false; // the currency is the account's
    bool asked = false;      // an asking cue stands before it
    std::int32_t mark = -1;
    std::string_view rule = "price.bare";
};

// Chooses and reads the item's price; a two-digit number that is the card's year goes to `facts`.
Price read_price(const Message& message, const Item& item, Facts& facts);

std::vector<Deal> assemble(Message& message, std::vector<Item>& items);

// What a message without a watch of its own says about the one watch of the quoted message.
std::vector<Deal> read_reply(const Message& message, std::vector<Deal> quoted);

} // namespace vestari::parser
