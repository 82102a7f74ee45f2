// Which envelopes are under way to ingest: sent in the spool's order, at most so many unacknowledged, erased when acknowledged.
//
// Invariants  what was not acknowledged is in the spool; a new connection starts at its beginning. An acknowledgement of what was
//             not sent is refused. Never touches the spool inside a batch that is not durable: such rows may vanish again.
// Threads     the database's owner.
// Errors      StoreErrc, thrown by next and erase_acknowledged: nothing has changed then.
// Source      DESIGN 3.4.
#pragma once

#include <cstdint>
#include <vector>

#include "bridge/store/spool.hpp"

namespace vestari::daemon {

class Window {
public:
    static constexpr std::uint64_t max_unacknowledged = 4096;
    static constexpr std::size_t at_once = 128;

    explicit Window(store::SessionDatabase& database) noexcept
        : database_{database}, spool_{database} {}

    void connected() noexcept;          // everything that is in the spool goes out (again)
    std::vector<store::Spooled> next(); // what may be sent now; counts as sent
    [[nodiscard]] bool acknowledged(std::uint64_t sequence) noexcept; // false: was never sent

    bool erasable() const noexcept { return acknowledged_ > erased_; }
    std::uint64_t erase_acknowledged(); // how many envelopes; 0 while a batch is open

private:
    store::SessionDatabase& database_;
    store::Spool spool_;
    std::uint64_t sent_ = 0; // sequence of the last envelope sent over this connection; 0: none
    std::uint64_t acknowledged_ = 0;
    std::uint64_t erased_ = 0;
};

} // namespace vestari::daemon
