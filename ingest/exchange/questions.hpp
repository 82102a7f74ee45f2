// What is asked of an archive, as parameters and back.
//
// Invariants  reading back what was written gives the same question. A name that is not known is refused, so that a filter which
//             the other side does not have never widens an answer.
// Errors      ExchangeErrc. Threads  free functions.
#pragma once

#include <optional>

#include "ingest/exchange/parameters.hpp"
#include "vestari/ingest/query.hpp"

namespace vestari::ingest::exchange {

void add(Parameters& to, const DealFilter& filter);
void add(Parameters& to, const PriceQuery& query);

// `account` is not theirs and passed over.
[[nodiscard]] Result<DealFilter> read_filter(const Parameters& from);
[[nodiscard]] Result<PriceQuery> read_price_query(const Parameters& from);

std::optional<DealStatus> status_from(std::string_view word) noexcept;
// The ids that begin with 1 to 16 lower-case hexadecimal digits; empty for anything else.
std::optional<IdRange> ids_beginning(std::string_view digits) noexcept;

// What is wrong with an archive, as one word: "disk_full", "locked".
std::string_view to_string(ArchiveErrc error) noexcept;
std::optional<ArchiveErrc> archive_error_from(std::string_view word) noexcept;

} // namespace vestari::ingest::exchange
