// Words of the command line as values: dates, amounts, numbers. What cannot be read is a usage error that names the option.
//
// Threads     free functions without state.
// Errors      Failure (usage).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vestari/base/clock.hpp"
#include "vestari/base/money.hpp"

namespace vestari::cli {

enum class Edge : std::uint8_t { first_day, last_day };

// "2026-03-05", "2026-03" and "2026" (their first or last day), "today", "yesterday", "30d", "6w", "3m", "1y" (so long ago).
std::chrono::sys_days read_day(std::string_view option, std::string_view text, Edge edge,
                               TimePoint now);

// Whole units of money: "12000", "12,000", "12k", "12.5k", "1.2m".
std::int64_t read_amount(std::string_view option, std::string_view text);

std::size_t read_count(std::string_view option, std::string_view text); // at least 1

Currency read_currency(std::string_view option, std::string_view text); // of either case

// "12,400 USD"; cents only where there are any.
std::string show_money(std::int64_t minor, Currency currency);
std::string show_amount(std::int64_t minor, Currency currency); // without the code

} // namespace vestari::cli
