// A deal as one JSON object: the fields of deals/LABELS.md, and of a stored deal those of DESIGN 3.1 beside them.
//
// Invariants  the output is one line of valid JSON in UTF-8; control characters, C1 and bidi controls are written as escapes;
//             bytes that are not UTF-8 become U+FFFD.
// Errors      none. Threads  free functions.
#pragma once

#include <string>
#include <string_view>

#include "vestari/ingest/deal.hpp"

namespace vestari::ingest {

// DESIGN 3.1: id, LABELS' fields, deal_date, sightings, first_seen, last_seen, status, source, provenance; and `duplicate_of`
// where `with` says so (replay --json).
enum class DuplicateField : std::uint8_t { left_out, written };
void append_json(std::string& out, const StoredDeal& deal,
                 DuplicateField duplicate = DuplicateField::left_out);

// A prediction of `vestari parse`: LABELS' fields, confidence and evidence, whose words come from `text` and `quoted`.
void append_json(std::string& out, const parser::Deal& deal, std::string_view text,
                 std::string_view quoted);

} // namespace vestari::ingest
