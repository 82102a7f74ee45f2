// Everything that an account holds, as CSV (RFC 4180) or JSON, row by row.
//
// Invariants  memory does not grow with the archive. In CSV a text holds no control characters but line breaks and tabs, and
//             one that a spreadsheet would run as a formula starts with an apostrophe; numbers stay numbers. JSON is one array with one deal per line, each with its `history`.
// Errors      ExportErrc of the sink; StorageFailure of the archive.
// Source      RFC 4180; ASSURANCE H20.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/export/sink.hpp"
#include "vestari/ingest/query.hpp"

namespace vestari::ingest {

enum class ExportFormat : std::uint8_t { csv, json };

// In pieces, for a stream: the head, each deal, the tail. Their sum is what export_csv and export_json write.
std::string_view export_head(ExportFormat format) noexcept;
void append_export(std::string& out, ExportFormat format, const Archive& archive,
                   const StoredDeal& deal, std::size_t deals_before);
std::string_view export_tail(ExportFormat format) noexcept;

// Returns the number of deals written.
[[nodiscard]] Result<std::size_t> export_deals(ExportFormat format, const Archive& archive,
                                               const DealFilter& filter, Sink& to);
[[nodiscard]] inline Result<std::size_t> export_csv(const Archive& archive,
                                                    const DealFilter& filter, Sink& to) {
    return export_deals(ExportFormat::csv, archive, filter, to);
}
[[nodiscard]] inline Result<std::size_t> export_json(const Archive& archive,
                                                     const DealFilter& filter, Sink& to) {
    return export_deals(ExportFormat::json, archive, filter, to);
}

// One field of text, quoted, with the formula guard.
void append_csv_text(std::string& out, std::string_view text);

} // namespace vestari::ingest
