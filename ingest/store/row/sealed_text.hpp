// What is inside the sealed values of the archive: a format byte, then fields with a 4-byte length each.
//
// Errors      reading: ArchiveErrc::corrupt for anything that does not fit (the seal says that we wrote it).
// Threads     free functions.
#pragma once

#include <string>
#include <vector>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"
#include "vestari/ingest/deal.hpp"

namespace vestari::ingest {

struct Details { // of one record
    std::optional<std::string> location;
    std::string notes;
    std::vector<Money> alt_prices;
    std::vector<Provenance> provenance;
    bool operator==(const Details&) const = default;
};

Bytes encode(const Source& source);
Bytes encode(const Details& details);
[[nodiscard]] Result<Source> decode_source(BytesView plain);
[[nodiscard]] Result<Details> decode_details(BytesView plain);

} // namespace vestari::ingest
