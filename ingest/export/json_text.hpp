// Small pieces of JSON text, shared by everything that prints it.
//
// Errors      none. Threads  free functions.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "vestari/base/clock.hpp"

namespace vestari::ingest {

void append_json_string(std::string& out, std::string_view text); // with its quotes
void append_json_number(std::string& out,
                        double value); // shortest form that reads back equal; not finite: null
std::string
rfc3339(TimePoint at); // "2026-03-05T10:00:00Z", milliseconds only where they are not zero
std::string iso_date(std::chrono::sys_days day); // "2026-03-05"

} // namespace vestari::ingest
