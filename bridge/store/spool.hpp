// Envelopes on their way to ingest: appended in the transaction that advanced the ratchet, erased when ingest has answered.
//
// Invariants  sequences rise and are never given twice, not even after the row is gone or the process died; every payload is
//             sealed. A rolled-back append gives its sequence back.
// Threads     the database's owner.
// Errors      StoreErrc, thrown.
// Source      DESIGN 3.4, SETTLED 2 and 9 (`spool.max_bytes`), wire/20-messages.md section 6.2.
#pragma once

#include <cstdint>
#include <vector>

#include "bridge/store/session_database.hpp"

namespace vestari::store {

struct Spooled {
    std::uint64_t sequence;
    Bytes payload;
};

class Spool {
public:
    explicit Spool(SessionDatabase& database) noexcept : database_{database} {}

    std::uint64_t next_sequence() const; // what the next append must carry; 1 in a new database
    void append(std::uint64_t sequence, BytesView payload); // sequence == next_sequence()

    // At most `limit` rows after `sequence` (0: from the start), in order.
    std::vector<Spooled> after(std::uint64_t sequence, std::size_t limit) const;

    void erase_through(std::uint64_t sequence); // that one and everything before it
    std::uint64_t rows() const;
    std::uint64_t bytes() const; // of sealed payloads: compare with spool.max_bytes

private:
    SessionDatabase& database_;
};

} // namespace vestari::store
