// The Inbox's inside, in four files: what is common (parts.cpp), messages (messages.cpp), notifications (notifying.cpp), and the way in
// (inbox.cpp). For bridge/receive/inbox only.
//
// Invariants  everything but set_included and use_receipts runs inside work(): in the open batch, in a savepoint of its own.
// Threads     the session database's owner.
// Errors      StoreErrc, thrown; work() has rolled the batch back then.
#pragma once

#include <optional>

#include "bridge/receive/inbox.hpp"
#include "bridge/receive/inbox/batch.hpp"
#include "bridge/receive/inbox/clearing.hpp"
#include "bridge/receive/inbox/notifications.hpp"
#include "bridge/receive/receiver.hpp"
#include "bridge/receive/resend/resends.hpp"
#include "bridge/store/counters.hpp"
#include "bridge/store/device.hpp"
#include "bridge/store/inbox/history_references.hpp"

namespace vestari::receive {

struct Inbox::Parts {
    Parts(store::SessionDatabase& sessions, InboxOptions given, const Clock& wall);

    // Runs a piece of work in the open batch, opening one if there is none.
    template <class Work> void work(ConnectionNumber number, Work piece) {
        try {
            open(number);
            const Tally before = receiver ? receiver->tally() : Tally{};
            if (!batch->run(piece)) {
                damaged(before);
            }
        } catch (...) {
            roll_back();
            throw;
        }
    }
    void open(ConnectionNumber connection);
    void commit();
    void count_batch();
    void roll_back() noexcept;
    void damaged(const Tally& before);

    void stanza(BytesView frame, TimePoint at);
    void message(const route::StanzaHeader& header, BytesView frame, TimePoint at);
    void clear(const route::StanzaHeader& header, const Handled& handled, TimePoint at);
    void dropped(const route::StanzaHeader& header, const Handled& handled, BytesView frame,
                 TimePoint at);
    void answer(const outbound::out::Addressed& stanza, const Case& happened, BytesView frame,
                TimePoint at);
    std::uint32_t deliveries(const route::StanzaHeader& header, std::uint64_t resend, TimePoint at);
    void missing(const outbound::out::Addressed& stanza, const route::StanzaHeader& header,
                 const Handled& handled, TimePoint at);
    void lost(event::Envelope gap);
    void history(Handled& handled, TimePoint at);
    void keep_raw(BytesView frame, TimePoint at);

    void notification(const route::StanzaHeader& header, BytesView frame, TimePoint at);
    void group_notification(const route::StanzaHeader& header, BytesView frame, TimePoint at);
    void act(const News& news, TimePoint at);
    void learn(const Jid& lid, const Jid& phone, TimePoint at);
    void reset_identity(const Jid& user);
    void acknowledge(const route::StanzaHeader& header, outbound::out::AckedTag tag,
                     std::string_view type);

    void ask_again(TimePoint now);
    void set_included(route::IncludeList included);
    void forget_group(const std::string& group);
    void housekeeping(TimePoint now);
    void use_receipts();
    void make_receiver();
    void watch();

    template <class What> void tell(What notice) {
        batch->leaving.notices.emplace_back(std::move(notice));
    }
    void trouble(notice::Trouble::What what) { tell(notice::Trouble{what}); }
    template <class What> void send(What stanza) {
        batch->leaving.stanzas.emplace_back(std::move(stanza));
    }

    store::SessionDatabase& database;
    InboxOptions options;
    const Clock& clock;
    std::function<void(const Captured&)> observer;

    wire::RootReader roots;
    wire::Decoder decoder; // of notifications; the receiver has its own
    std::optional<Receiver> receiver;
    Resends resends;
    store::Counters counters;
    store::DroppedStanzas delivered;
    store::Device device;
    store::Spool spool;
    store::Quarantine quarantine;
    store::HistoryReferences histories;
    store::GroupActivities activities;

    // Connections are counted over the life of the database: which one is open, and whether its number is durable.
    std::optional<ConnectionNumber> connection;
    std::uint64_t ordinal = 0;
    bool ordinal_is_durable = false;

    std::optional<Batch> batch;
    Tally before_batch;
    Leaving ready; // durable
    bool spooled = false;
};

} // namespace vestari::receive
