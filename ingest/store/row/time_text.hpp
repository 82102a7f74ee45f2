// Times and days as text: RFC 3339 in UTC, YYYY-MM-DD.
//
// Errors      read_iso_date is empty for anything but a day of the calendar in that form.
// Threads     free functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "vestari/base/clock.hpp"

namespace vestari::ingest {

std::string
rfc3339(TimePoint at); // "2026-03-05T10:00:00Z"; milliseconds only where they are not zero
std::string iso_date(std::chrono::sys_days day);
std::optional<std::chrono::sys_days> read_iso_date(std::string_view text);
std::optional<TimePoint> read_rfc3339(std::string_view text); // of the forms that rfc3339 writes

} // namespace vestari::ingest
