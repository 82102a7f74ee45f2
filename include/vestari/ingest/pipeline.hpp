// Envelopes in, sealed and deduplicated deals in the archive.
//
// Invariants  one savepoint per message: a message is wholly in the archive or not at all. Up to 500 messages or 20 ms share a
//             commit; a sequence is durable only after it. Taking the same messages again, in whatever order, changes nothing.
//             Of a message without a deal only its blinded id, its time and its outcome are kept.
// Threads     one owner, the archive's.
// Errors      StorageFailure when the machine fails: everything since the last commit is undone, and the sender delivers it again
//             from durable() on.
// Source      SETTLED sections 3, 4, 8; deals/DOMAIN.md section 9.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "vestari/base/clock.hpp"
#include "vestari/base/money.hpp"
#include "vestari/event/envelope.hpp"
#include "vestari/ingest/archive.hpp"
#include "vestari/ingest/deal.hpp"

namespace vestari::ingest {

enum class Outcome : std::uint8_t {
    deals,     // at least one record was stored
    chatter,   // nothing to keep
    duplicate, // known before: nothing changed
    edited,    // an edit of a known message was taken (its deals are the new ones, perhaps none)
    revoked,   // a known message was withdrawn
    held,      // an edit or revoke whose message has not come yet
    flagged,   // an edit or revoke by somebody who may not: no effect
    gap,       // a message that could not be read
    service,   // a group's change, an album's frame, anything else that carries no text
    excluded,  // of a chat that is not on the include-list (any more): nothing of it is kept
};
std::string_view to_string(Outcome outcome) noexcept;

struct Accepted {
    Outcome outcome = Outcome::chatter;
    std::vector<StoredDeal>
        deals; // of this message, before deduplication, each with `duplicate_of`
};

// Whether the stream may add to the include-list: a replay may, the live bridge may only refresh names and currencies.
enum class GroupsFromStream : std::uint8_t { refresh, adopt };

// Whose messages are kept. What waited in the bridge's spool may be of a group that has left the list meanwhile.
enum class Chats : std::uint8_t { any, included };

struct PipelineOptions {
    Currency default_currency = Currency::of("USD"); // of the account
    GroupsFromStream groups = GroupsFromStream::refresh;
    Chats chats = Chats::any;
    std::size_t messages_per_commit = 500;
    std::chrono::milliseconds longest_wait{20};
    std::chrono::hours held_for{24 * 14};
};

struct PipelineCounts {
    std::uint64_t messages = 0;
    std::uint64_t deals = 0; // records, before deduplication
    std::uint64_t duplicates = 0;
    std::uint64_t flagged = 0;
    std::uint64_t excluded = 0;
    std::uint64_t commits = 0;
};

class Pipeline {
public:
    Pipeline(Archive& archive, const Clock& clock, PipelineOptions options = {});
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;
    ~Pipeline(); // what is not committed is undone: call flush() first

    // Commits by itself when the group is full or old; the result is durable once durable() has reached the sequence.
    Accepted accept(const event::Envelope& envelope);
    void accept(const event::Group& group);
    void set_default_currency(Currency currency) noexcept; // a replay's, from Hello

    void flush(); // commits what is open
    // Somebody else is about to use or has changed the archive (a command): commits, and forgets what was known of it.
    void refresh();
    std::optional<TimePoint>
    commit_due() const; // when flush() should be called at the latest; none: nothing is open
    std::optional<std::uint64_t>
    durable() const; // highest sequence up to which everything is committed
    const PipelineCounts& counts() const noexcept;

private:
    class Work;
    std::unique_ptr<Work> work_;
};

} // namespace vestari::ingest
