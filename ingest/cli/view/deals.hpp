// Deals as people read them: one line in a table, or one deal in full.
//
// Threads     values and free functions.
#pragma once

#include <string>

#include "ingest/cli/terminal/table.hpp"
#include "vestari/ingest/deal.hpp"

namespace vestari::cli {

inline constexpr std::size_t short_id_digits =
    8; // enough to tell deals apart; delete and show take any unambiguous beginning

terminal::Table deals_table();
void add_deal(terminal::Table& table, const ingest::StoredDeal& deal);

std::string short_id(ingest::DealId id);
std::string price_text(
    const parser::Deal& deal); // "12,400 USD", "12,000–12,500 USD", "-12 % of list", or empty
std::string card_text(const parser::Deal& deal);  // "2024-05", "2024", "month 5", or empty
std::string watch_text(const parser::Deal& deal); // "Rolex 126610LN"
std::string spaced(std::string_view word);        // "full_set" -> "full set"
std::string group_text(const ingest::Source& source);

} // namespace vestari::cli
