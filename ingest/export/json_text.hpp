// Small pieces of JSON text, shared by everything that prints it.
//
// Errors      none. Threads  free functions.
#pragma once

#include <string>
#include <string_view>

#include "ingest/store/row/time_text.hpp"

namespace vestari::ingest {

void append_json_string(std::string& out, std::string_view text); // with its quotes
// Six decimal places are more than a confidence or a percentage means.
double rounded(double value);
void append_json_number(std::string& out, double value); // reads back equal; not finite: null

} // namespace vestari::ingest
