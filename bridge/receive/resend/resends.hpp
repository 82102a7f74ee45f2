// Asks for messages again that could not be decrypted: when, how often, with which keys; and when to give up.
//
// Invariants  at most four receipts for a message, one message of a sender in flight, and limits an hour for a sender and a group and a
//             second for all: a flood of broken messages costs a bounded number of receipts and pre-keys. A pre-key in a receipt is stored
//             in the caller's transaction. What waits survives a restart.
// Threads     the session database's owner.
// Errors      StoreErrc, thrown.
// Source      wire/20-messages.md sections 4.3 and 5.2; ASSURANCE H14.
#pragma once

#include <deque>
#include <string_view>

#include "bridge/receive/resend/missing.hpp"
#include "bridge/signal/own_keys.hpp"
#include "bridge/store/inbox/resends.hpp"

namespace vestari::receive {

struct ResendLimits {
    std::chrono::seconds in_flight{5}; // until the next message of that sender is asked for
    std::uint64_t of_member = 30;      // an hour
    std::uint64_t of_group = 300;      // an hour
    std::size_t of_all = 10;           // a second
    std::uint64_t waiting = 256;       // messages of one sender
    std::chrono::hours unanswered{24}; // then it is a gap; should it still come, it is read
};

class Resends {
public:
    Resends(store::SessionDatabase& database, bool keys_at_first, Bytes device_identity)
        : rows_{database}, keys_{database}, keys_at_first_{keys_at_first},
          device_identity_{std::move(device_identity)} {}

    void set_device_identity(Bytes identity) { device_identity_ = std::move(identity); }

    // Whose message it is.
    struct Name {
        std::string_view chat;
        std::string_view member; // the sender's Signal address as text
        std::string_view id;
    };
    struct Asked {
        std::optional<outbound::out::RetryReceipt> now; // none: later, or never again
        bool gave_up = false;                           // with this delivery
    };
    // `answers`: the count of the resend that failed, 0 for a first delivery.
    Asked failed(const Name& name, const Missing& missing, std::uint64_t answers, TimePoint at);
    void read(const Name& name) { rows_.settle(rows_.key_of(name.chat, name.member, name.id)); }

    // Those whose turn it is, as far as the limits go.
    std::vector<outbound::out::RetryReceipt> due(TimePoint now);
    std::optional<TimePoint> next_due() const { return rows_.next_due(); }

    // Asked for too long ago: the gaps to tell.
    std::vector<event::Envelope> unanswered(TimePoint now);
    void forget_old(TimePoint now);
    void forget_group(std::string_view chat) { rows_.erase_group(chat); }

private:
    // When a receipt may leave; now, or later.
    TimePoint turn(const store::Resends::Load& member, std::uint64_t of_group, TimePoint now);
    std::optional<outbound::out::RetryReceipt> receipt(const Missing& missing, std::uint32_t count);
    std::optional<outbound::out::RetryKeys> keys(const signal::PublicDeviceKeys& device);
    bool in_flight(const store::Resend& row, std::uint64_t answers, TimePoint at) const;

    store::Resends rows_;
    signal::OwnKeys keys_;
    bool keys_at_first_;
    Bytes device_identity_;
    ResendLimits limits_;
    std::deque<TimePoint> sent_; // receipts of the last second
};

} // namespace vestari::receive
