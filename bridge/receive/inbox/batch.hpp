// One batch: a transaction, what may leave once it is durable, and what the session is told then.
//
// Invariants  what stands here leaves when the transaction has committed, and is forgotten when it has not. One piece of work is whole
//             or not at all: when it fails for a record that was damaged from outside, it alone is undone.
// Threads     the session database's owner.
// Errors      StoreErrc, thrown; the batch is then gone.
// Source      SETTLED section 8 (one savepoint per message); wire/20-messages.md section 6.2.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bridge/outbound/stanzas.hpp"
#include "bridge/receive/inbox.hpp"
#include "bridge/receive/tally.hpp"
#include "bridge/store/inbox/activity.hpp"
#include "bridge/store/spool.hpp"

namespace vestari::receive {

// A message for the observer, kept until it is durable.
struct Seen {
    std::string chat;
    event::Person sender;
    std::string id;
    TimePoint at;
    Bytes message;
};

struct Leaving {
    std::vector<outbound::Outbound> stanzas;
    std::vector<Notice> notices;
    std::vector<Seen> seen;

    void append(Leaving other);
    void cut(std::size_t stanzas_left, std::size_t notices_left, std::size_t seen_left);
};

class Batch {
public:
    explicit Batch(store::SessionDatabase& database);
    ~Batch();
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;

    // Runs `work` in a savepoint. False: a damaged record undid it.
    template <class Work> bool run(Work work) {
        const std::size_t stanzas = leaving.stanzas.size();
        const std::size_t notices = leaving.notices.size();
        const std::size_t seen = leaving.seen.size();
        ++pieces;
        try {
            store::Savepoint piece{database_};
            work();
            piece.release();
            return true;
        } catch (const boost::system::system_error& error) {
            if (error.code() != store::StoreErrc::damaged_record) {
                throw;
            }
        }
        leaving.cut(stanzas, notices, seen);
        return false;
    }

    void message(const std::string& group, TimePoint sent_at);
    const store::Activity* activity(const std::string& group) const;
    void forget_activity(const std::string& group);
    void commit();
    bool spooled() const { return spool_.next_sequence() != first_sequence_; }

    Leaving leaving;
    std::size_t pieces = 0;

private:
    store::SessionDatabase& database_;
    store::Transaction transaction_;
    store::GroupActivities activities_;
    store::Spool spool_;
    std::map<std::string, store::Activity> active_;
    std::uint64_t first_sequence_;
};

} // namespace vestari::receive
