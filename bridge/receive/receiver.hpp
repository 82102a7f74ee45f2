// The way of one stanza: route, dedupe, decrypt, read, publish — one savepoint, so that it happens whole or not at all.
//
//     frame -> route (header alone) -> dropped: counted and forgotten
//                                   -> own_peer: LID mappings from the own phone, the rest recognised
//                                   -> decrypt: decode, Signal, content -> Publisher -> spool
//
// Invariants  a stanza that is not of an included group leaves no trace but counters and an HMAC, and no Signal record changes. The
//             author is the session's. An <enc> that fails changes nothing; what another <enc> of the stanza gave stays.
// Threads     the session database's owner.
// Errors      what a stanza can be wrong in is its Outcome; StoreErrc is thrown and the savepoint rolls back.
// Source      wire/20-messages.md sections 2.4, 4, 5.1 and 6.2; SETTLED sections 4 and 6.
#pragma once

#include <functional>

#include "bridge/receive/decipher.hpp"
#include "bridge/receive/group_changes.hpp"
#include "bridge/receive/handling/handled.hpp"
#include "bridge/receive/publisher.hpp"
#include "bridge/route/include_list.hpp"
#include "bridge/route/origin.hpp"
#include "bridge/route/route.hpp"
#include "bridge/store/counters.hpp"
#include "bridge/wire/decoder.hpp"
#include "bridge/wire/root_reader.hpp"

namespace vestari::receive {

struct Account {
    std::string name;
    route::Own own;
};

// A decoded message of a live session, as `content` lines of a fixture carry it.
struct DecodedMessage {
    std::string_view chat;
    std::string_view sender;
    std::string_view id;
    BytesView message;
};

// When the server says it was sent; `otherwise` where it does not say.
TimePoint event_time(const route::StanzaHeader& header, TimePoint otherwise);

class Receiver {
public:
    Receiver(store::SessionDatabase& database, Account account, route::IncludeList include);

    Outcome stanza(BytesView frame, TimePoint at); // in a savepoint of its own
    // The same for who has read the root and holds a scope: all that is done is undone with it.
    Handled handle(const route::StanzaHeader& header, BytesView frame, TimePoint at);
    Outcome decoded(const DecodedMessage& message, TimePoint at);

    // Ciphertexts that waited long enough for their key. `now`: the time of what is received.
    void forget_kept(TimePoint now);
    // Housekeeping of a live session, by arrival. A replay does not do it: played again, a day of last year is still a duplicate.
    void forget_old(TimePoint now);

    // Two names of one user, told from elsewhere.
    Handled learn(const Jid& lid, const Jid& phone, TimePoint at);

    void set_included(route::IncludeList include) { include_ = std::move(include); }
    void forget_group(std::string_view group); // its keys, kept ciphertexts and admins
    const route::IncludeList& included() const noexcept { return include_; }

    // A message that nobody will be able to read. False: it was told before, or is here.
    bool gap(event::Envelope gap) { return publisher_.gap(std::move(gap)); }
    event::Envelope gap_of(const Origin& origin) const { return publisher_.gap_of(origin); }

    void
    rest() noexcept { // nothing more waits: no sender key stays in memory, and no room for stanzas
        decryptor_.rest();
        roots_.rest();
        decoder_.rest();
    }

    const Tally& tally() const noexcept { return tally_; }
    void set_tally(const Tally& tally) { tally_ = tally; } // after a rollback
    // Is given every message of an included group that is decrypted: where it is from, and its plaintext.
    void set_observer(std::function<void(const Origin&, BytesView)> observer);
    signal::Decryptor& decryptor() noexcept { return decryptor_; } // to install the device's keys

private:
    void by_route(const route::StanzaHeader& header, BytesView frame, TimePoint at);
    void drop(const route::StanzaHeader& header, route::DropReason reason, TimePoint at);
    void count_drop(route::DropReason reason, TimePoint at);
    bool is_group_notification(const route::StanzaHeader& header) const;
    void group_notification(const wire::Node& stanza, TimePoint at);
    void learn_names(const std::vector<content::GroupMember>& members, TimePoint at);
    void own_peer(const wire::Node& stanza, TimePoint at);
    void own_control(const content::OwnControl& control, TimePoint at);
    void group_message(const wire::Node& stanza, BytesView frame, TimePoint at);
    void encrypted(const wire::Node& stanza, BytesView frame, const Origin& origin, bool known,
                   TimePoint at);
    Outcome decoded_message(const DecodedMessage& message, TimePoint at);
    Outcome settle(const Origin& origin, const Deciphered& deciphered);
    void keep(const Origin& origin, BytesView frame, TimePoint at);
    void run_kept(std::string_view chat, const signal::Sender& sender);
    void learnt(const signal::Sender& sender);
    void became(Handled::What what, Outcome outcome) noexcept;
    std::optional<Origin> origin_of(const wire::Node& stanza, TimePoint at);
    std::vector<Jid> own_devices() const;

    store::SessionDatabase& database_;
    Account account_;
    route::IncludeList include_;
    ManualClock clock_{TimePoint{}}; // the time of the stanza that is handled
    Tally tally_;
    Handled now_;               // of the stanza that is handled
    bool running_kept_ = false; // kept stanzas do not set off others
    std::function<void(const Origin&, BytesView)> observer_;
    const Origin* reading_ = nullptr; // whose plaintext the observer is given
    wire::RootReader roots_;
    wire::Decoder decoder_;
    signal::Decryptor decryptor_;
    Decipherer decipherer_;
    Publisher publisher_;
    GroupChanges group_changes_;
    store::Counters counters_;
    store::SeenChats seen_chats_;
    store::Dedupe dedupe_;
    store::Authors authors_;
    store::Pending pending_;
    store::KeptCiphertexts kept_;
    store::Quarantine quarantine_;
};

} // namespace vestari::receive
