// The live way of what comes in: everything but iq, success, failure, stream:error and ib. Stanzas are taken into a batch; commit()
// makes it durable and only then gives what may leave.
//
//     take(frame) … take(frame)  ->  commit()  ->  outbound stanzas, in order      take_notices()  ->  what the session has to do
//
// Invariants  one transaction a batch, one savepoint a stanza. Nothing is cleared that is not durable: what commit() throws for was
//             never stored, and nothing of it leaves. Of a chat that is not included nothing is opened; it is cleared by escalation.
//             What is delivered again is cleared again without a second decryption. Counters of deliveries and retries are
//             persistent and blinded.
// Threads     the session database's owner.
// Errors      StoreErrc, thrown by take, commit, tick, set_included and housekeeping: the batch is rolled back, what it would have
//             sent is forgotten, the caches are consistent, and the Inbox can be used on. Close the connection: the server delivers
//             again. What is wrong with a stanza never is an error: it is cleared as section 11 says, or left alone.
// Source      wire/10-connection.md sections 10.4, 10.5 and 11; wire/20-messages.md sections 2.4, 4 to 6 and 12.3; wire/README.md 1 to 5.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/outbound/stanzas.hpp"
#include "bridge/receive/inbox/notice.hpp"
#include "bridge/route/route.hpp"
#include "bridge/store/session_database.hpp"
#include "vestari/base/clock.hpp"
#include "vestari/config/config.hpp"
#include "vestari/event/envelope.hpp"

namespace vestari::receive {

class Tally;

// Another number for every connection of this process; connections of earlier processes count as others by themselves.
using ConnectionNumber = std::uint64_t;

struct InboxOptions {
    std::string account;           // its name in the configuration
    std::optional<route::Own> own; // none while it is not linked: then only notifications are read
    route::IncludeList included;
    config::Receipts receipts = config::Receipts::inactive;
    bool retry_keys_at_first = false;
    Bytes
        device_identity; // ADVSignedDeviceIdentity with the account's signature key, from pairing; empty: no keys in retries
    std::uint64_t spool_max_bytes = config::default_spool_bytes;
};

// The decrypted bytes of a `Message` of an included group, for `vestari capture`: without a group key that it may have brought. Valid
// during the call, not to be kept as they are.
struct Captured {
    std::string_view chat;
    event::Person sender;
    std::string_view id;
    TimePoint at;
    BytesView message;
};

// How lively a group is, for the freshness monitor. From message times as the server gives them.
struct GroupActivity {
    TimePoint last_message_at;
    std::uint64_t messages = 0;                    // since it was included
    std::chrono::milliseconds usual_interval{0};   // running mean; 0 until there are some
    std::chrono::milliseconds longest_interval{0}; // of the last weeks, nights included
};

class Inbox {
public:
    // All outlive the Inbox. The clock dates what has no time of the server's.
    Inbox(store::SessionDatabase& database, InboxOptions options, const Clock& clock);
    Inbox(const Inbox&) = delete;
    Inbox& operator=(const Inbox&) = delete;
    ~Inbox(); // an open batch is rolled back

    enum class Took : std::uint8_t { yes, full };
    // The plaintext of one frame, flag byte first; views into it are not kept. `full`: the spool has no room, nothing was done; hold
    // the frame, stop reading and offer it again later.
    Took take(BytesView frame, TimePoint at, ConnectionNumber connection);
    // Sends what waited for its time (retry receipts). Call it at wake_at(); commit() then has something.
    void tick(TimePoint now, ConnectionNumber connection);
    std::optional<TimePoint> wake_at() const;

    std::size_t batched()
        const noexcept; // stanzas and ticks since the last commit; commit() with none is harmless
    [[nodiscard]] std::vector<outbound::Outbound> commit();
    void roll_back() noexcept; // the connection is gone: the batch need not be stored
    std::vector<Notice> take_notices();
    bool spooled() noexcept; // did a commit since the last question append to the spool?

    bool full() const; // spool.max_bytes is reached

    // Two names of one user each, LID and phone number, as a group's information tells them. In the batch, as a stanza is.
    void learn(std::span<const std::pair<Jid, Jid>> mappings, TimePoint at,
               ConnectionNumber connection);

    // A group that left loses its keys, kept ciphertexts and waiting retries, durably, before this returns.
    void set_included(route::IncludeList included);
    void use_receipts(); // a stream:error named a message that was only acked: section 11.4
    void set_device(route::Own own, Bytes device_identity); // after pairing
    void housekeeping(TimePoint now);                       // forgets what is old; every hour or so
    void rest(); // the queue is empty: wipes what was kept to be quick, and gives its memory back

    std::optional<GroupActivity> activity(std::string_view group) const;
    const Tally& tally() const noexcept; // since the start of the process
    void set_observer(std::function<void(const Captured&)> observer); // empty: nobody captures

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace vestari::receive
