// What came out of the bridge's spool, against what was posted.
//
// Threads     one owner.
#pragma once

#include "bridge/store/spool.hpp"
#include "tests/sim/groups/order.hpp"
#include "vestari/event/envelope.hpp"

namespace vestari::sim::dst {

class Harvest {
public:
    // Takes everything that waits, as ingest does, and answers for it.
    void take(store::SessionDatabase& database);
    // What is missing, double or different; sentences.
    std::vector<std::string> compare(const std::vector<Posted>& posted,
                                     const std::vector<std::string>& included) const;
    std::uint64_t count() const noexcept { return envelopes_.size(); }
    // "text 120363…@g.us 3EB0…", one a message, in order.
    std::vector<std::string> lines(std::size_t from) const;

private:
    std::vector<event::Envelope> envelopes_;
    std::vector<std::string> unreadable_;
};

} // namespace vestari::sim::dst
