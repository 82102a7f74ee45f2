// The book of deals: which records there are, which of them stand, and which deal each belongs to.
//
// Invariants  what the tables hold depends on the messages alone, not on the order in which they came: a message's newest
//             revision stands, a sold record closes the same sender's earlier offers of that watch, and a deal shows its
//             earliest standing record. Every change of a deal leaves one row in the outbox.
// Threads     the pipeline's. Runs inside its transaction.
// Errors      StorageFailure.
// Source      SETTLED sections 3 and 4; deals/DOMAIN.md section 9.
#pragma once

#include <set>
#include <vector>

#include "ingest/pipeline/reading.hpp"

namespace vestari::ingest {

inline bool stands(RecordState state) noexcept {
    return state == RecordState::active || state == RecordState::closed;
}

struct MessageRow {
    std::int64_t id = 0;
    Key16 name{};
    Key16 author{};
    TimePoint sent_at{};
    std::optional<TimePoint> revoked_at;
};

struct RevisionRow {
    TimePoint said_at{};
    std::optional<Key16> edit;   // blinded id of the edit; none: what the message said at first
    std::uint32_t rereading = 0; // how often the same words were read again by a later parser
};

// What closes what: a sold record and an offer of one sender about one watch.
struct Watch {
    Key16 sender{};
    std::optional<std::string> reference;
    std::optional<std::string> model;
};
Watch read_watch(const Use& row, int first); // from three columns in that order

struct DealHead; // what a deal's row says of its records

class Ledger {
public:
    explicit Ledger(State& state) noexcept : state_{state} {}

    // Writes down what a revision says; `sender` is the blind index of its author. Gives its deals as they now stand.
    std::vector<StoredDeal> add(const MessageRow& message, const RevisionRow& revision,
                                const Key16& chat, const Key16& sender, Reading reading);
    void withdraw(const MessageRow& message); // after message.revoked_at was set
    void rename_sender(const Key16& from, const Key16& to);
    void forget() noexcept { changed_.clear(); } // after the transaction was undone

    // Works out anew what a deal's row says from its records; removes it with its last record.
    void refresh(std::int64_t deal);

private:
    struct Sold;

    std::int64_t insert_revision(const MessageRow& message, const RevisionRow& revision,
                                 const Reading& reading);
    std::int64_t newest_revision(std::int64_t message);
    void settle(const MessageRow& message);
    StoredDeal add_record(Record record, const RevisionRow& revision, const MessageRow& message,
                          ReadDeal read, const Source& source);
    std::vector<Sold> sold_records(const Watch& watch);
    bool is_closed(const Record& offer, const parser::Deal& facts);
    void close_offers(const Watch& watch);
    void wipe_words(const MessageRow& message);
    void announce(std::int64_t deal, BytesView fingerprint, bool deleted);

    // A new active record of a deal that stands: its row follows without reading the others, however many there are. False: it
    // has to be worked out anew.
    bool joins_plainly(const Record& record, const Key16& message_name);
    void write(std::int64_t deal, const DealHead& head);
    void refresh_changed();

    State& state_;
    std::set<std::int64_t> changed_; // deals to refresh
};

} // namespace vestari::ingest
