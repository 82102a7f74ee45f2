// What the service keeps for one linked client until the client clears it, and the rules of what clears what.
//
// Invariants  parcels stay in the order in which they were put in, except where reorder() is asked; a parcel leaves only by being
//             cleared; it is delivered at most once a connection, unless a fault says otherwise.
// Threads     one owner.
// Source      wire/10-connection.md section 11.
#pragma once

#include <deque>

#include "tests/sim/base/tree.hpp"
#include "vestari/base/clock.hpp"

namespace vestari::sim {

struct Parcel {
    std::uint64_t number = 0;
    Stanza stanza;
    std::uint64_t connection = 0; // the one that it was last delivered on; 0: none yet
    std::uint32_t deliveries = 0;
    Instant delivered_at{};
    bool retry_asked = false;
};

class Mailbox {
public:
    void put(Stanza stanza);
    // The first that this connection has not had; null if none. Valid until the mailbox changes.
    Parcel* next(std::uint64_t connection);
    void delivered(Parcel& parcel, std::uint64_t connection, Instant now);
    // Lets the parcel after this one pass it, if they are messages of different senders.
    bool reorder(std::uint64_t connection);

    enum class Cleared : std::uint8_t { yes, no_such, not_by_this };
    Cleared ack(const Stanza& ack, bool plain_acks_clear);
    Cleared receipt(const Stanza& receipt);
    // Puts what was cleared lately back at the front.
    std::size_t revive();

    // The type attribute of a stanza that was delivered once, whether or not it is cleared; empty optional: there was none such.
    std::optional<std::string> delivered_type(std::string_view tag, const Stanza& answer) const;

    std::uint64_t newest() const noexcept { return numbered_; }
    std::size_t undelivered() const;
    std::size_t uncleared() const;
    const Parcel* overdue(Instant before) const; // delivered before then and not cleared
    std::size_t size() const noexcept { return parcels_.size(); }

private:
    using Place = std::deque<Parcel>::iterator;
    void clear(Place parcel);

    std::deque<Parcel> parcels_;
    std::deque<Stanza> lately_;               // cleared ones, the newest last, at most 64
    std::map<std::string, std::string> seen_; // key of a delivered stanza, its type
    std::uint64_t numbered_ = 0;
};

} // namespace vestari::sim
