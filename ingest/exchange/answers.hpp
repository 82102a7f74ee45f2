// What an archive answers, as JSON and back: deals (export/deal_json.hpp), prices, groups, rows.
//
// Invariants  reading what was written gives the same value; numbers that JSON shows with six decimal places are rounded to them.
// Errors      ExchangeErrc::malformed for anything else. Threads  free functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/exchange/parameters.hpp"
#include "vestari/ingest/query.hpp"

namespace vestari::ingest::exchange {

[[nodiscard]] Result<StoredDeal> read_deal(std::string_view json);
[[nodiscard]] Result<std::vector<StoredDeal>> read_deals(std::string_view json); // a list

// What the records in a statistic need to mean something.
inline constexpr std::size_t enough_prices = 5;     // below, quartiles say nothing
inline constexpr std::size_t enough_in_a_month = 3; // below, a month takes no part in the trend

// From the first to the last month that has enough prices to have a median worth comparing.
struct Trend {
    std::chrono::year_month from;
    std::chrono::year_month to;
    std::int64_t permille = 0; // of the first median, rounded
};
std::optional<Trend> trend_of(const PriceHistory& history);
std::string month_text(std::chrono::year_month month); // "2026-03"

void append_json(std::string& out, const PriceHistory& history); // with a line feed
[[nodiscard]] Result<PriceHistory> read_prices(std::string_view json);

void append_json(std::string& out, const GroupEntry& group);
void append_json(std::string& out,
                 const std::vector<GroupEntry>& groups); // a list, with a line feed
[[nodiscard]] Result<GroupEntry> read_group(std::string_view json);
[[nodiscard]] Result<std::vector<GroupEntry>> read_groups(std::string_view json);

void append_json(std::string& out, const std::vector<RawColumn>& row);
[[nodiscard]] Result<std::vector<RawColumn>> read_row(std::string_view json);

} // namespace vestari::ingest::exchange
