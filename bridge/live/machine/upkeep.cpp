#include <algorithm>

#include "bridge/live/machine/machine.hpp"

namespace vestari::live {

namespace {

constexpr std::size_t largest_batch = 500;
constexpr std::chrono::milliseconds longest_batch{20};

template <class... Handlers> struct Match : Handlers... {
    using Handlers::operator()...;
};
template <class... Handlers> Match(Handlers...) -> Match<Handlers...>;

} // namespace

const Reason logged_in{"logged_in", "connected and reading", ""};

receive::InboxOptions Machine::inbox_options() const {
    receive::InboxOptions options;
    options.account = settings_.account;
    if (linked_) {
        options.own = route::Own{linked_->me, linked_->lid};
        options.device_identity = linked_->account;
    }
    options.included = included_;
    options.receipts = settings_.receipts;
    options.retry_keys_at_first = settings_.retry_keys_at_first;
    options.spool_max_bytes = settings_.spool_max_bytes;
    return options;
}

void Machine::make_inbox() {
    included_ = listed();
    inbox_.emplace(database_, inbox_options(), clock_);
    inbox_->set_observer(capture_);
}

void Machine::set_groups(std::vector<event::Group> groups, Instant now) {
    now_ = now;
    std::erase_if(groups, [](const event::Group& group) { return !group.included; });
    for (const event::Group& group : settings_.groups) { // nobody waits for one that is not read
        if (std::ranges::find(groups, group.jid, &event::Group::jid) == groups.end()) {
            freshness_.forget(group.jid);
        }
    }
    settings_.groups = std::move(groups);
    groups_stale_ = true;
    commit(now);
    if (try_disk_at_ == Instant::max()) {
        guarded(now, [&] { include_groups(); });
    }
    settle(now);
}

// A name that is no group's is passed over: it must not take the others' keys with it.
route::IncludeList Machine::listed() const {
    route::IncludeList list;
    for (const event::Group& group : settings_.groups) {
        if (Result<route::IncludeList> longer = list.with(group.jid)) {
            list = std::move(*longer);
        }
    }
    return list;
}

void Machine::include_groups() {
    route::IncludeList list = listed();
    for (const std::string& group : list.groups()) {
        if (!included_.contains(group)) {
            directory_.changed(group); // who administers it
        }
    }
    included_ = std::move(list);
    inbox_->set_included(included_);
    groups_stale_ = false;
}

void Machine::set_capture(std::function<void(const receive::Captured&)> capture) {
    capture_ = std::move(capture);
    inbox_->set_observer(capture_);
}

// While a queue drains, or right behind another batch, many stanzas share a commit; otherwise what was readable is one batch. So a
// single message waits for nothing, and a burst costs one sync in 20 ms.
void Machine::batch_due(Instant now) {
    if (!connection_ || inbox_->batched() == 0) {
        return;
    }
    const bool more_is_coming =
        connection_->offline.draining() ||
        (last_batch_ != Instant::min() && now - last_batch_ < longest_batch);
    if (!more_is_coming || inbox_->batched() >= largest_batch || held_ || now >= batch_until_) {
        commit(now);
    } else if (batch_until_ == Instant::max()) {
        batch_until_ = now + longest_batch;
    }
}

void Machine::commit(Instant now) {
    batch_until_ = Instant::max();
    if (inbox_->batched() != 0) {
        last_batch_ = now;
    }
    guarded(now, [&] {
        for (const outbound::Outbound& stanza : inbox_->commit()) {
            if (connection_ && connection_->line.established()) {
                connection_->send(stanza);
            }
        }
    });
    if (inbox_->spooled()) {
        observer_.spooled();
    }
}

void Machine::settle(Instant now) {
    now_ = now;
    if (inbox_) {
        notices(now);
    }
    if (connection_ && connection_->error()) {
        send_failed(now);
    }
    if (connection_ && connection_->phase() == Connection::Phase::logged_in) {
        guarded(now, [&] { go_active(now); });
    }
    if (connection_ && connection_->error()) {
        send_failed(now);
    }
}

void Machine::go_active(Instant now) {
    if (!active_ && pre_keys_.settled()) {
        active_ = true;
        connection_->ask(Ask::delivery, now, [](auto id) {
            return outbound::out::Delivery{id, outbound::out::DeliveryMode::active};
        });
    }
    if (active_ && inbox_->batched() == 0) { // they write; an open batch is over in 20 ms
        directory_.tick(*connection_, now);
        pre_keys_.tick(*connection_, now);
    }
    switch (pre_keys_.take_trouble()) {
    case PreKeyUpkeep::Trouble::none: break;
    case PreKeyUpkeep::Trouble::upload_accepted: warnings_.end(warn::key_upload.code); break;
    case PreKeyUpkeep::Trouble::upload_refused: warnings_.raise(warn::key_upload); break;
    case PreKeyUpkeep::Trouble::digest_mismatch: warnings_.raise(warn::key_mismatch); break;
    }
}

void Machine::notices(Instant now) {
    const std::vector<receive::Notice> taken = inbox_->take_notices();
    if (!taken.empty() && inbox_->batched() != 0) {
        commit(now); // what they ask for writes; a later batch may be open already
    }
    for (const receive::Notice& one : taken) {
        guarded(now, [&] { notice(one, now); });
    }
}

void Machine::notice(const receive::Notice& notice, Instant now) {
    namespace about = receive::notice;
    const bool ready = connection_ && connection_->phase() == Connection::Phase::logged_in;
    std::visit(Match{[&](const about::PreKeysLow& low) {
                         if (ready) {
                             pre_keys_.low(low.count, *connection_, now);
                         }
                     },
                     [&](const about::DigestWanted&) {
                         if (ready) {
                             pre_keys_.check(*connection_, now);
                         }
                     },
                     [&](const about::GroupChanged& group) {
                         directory_.changed(group.jid);
                         if (group.what == about::GroupChanged::What::left) {
                             warnings_.raise(warn::not_a_member);
                         } else if (group.what == about::GroupChanged::What::joined) {
                             warnings_.end(warn::not_a_member.code);
                         }
                     },
                     [&](const about::GroupHeard& group) { directory_.heard_of(group.jid); },
                     [&](const about::OwnDevicesChanged&) { warnings_.raise(warn::own_devices); },
                     [&](const about::PasskeyWanted&) { passkey_wanted(); },
                     [&](const about::Trouble& met) { trouble(met.what); },
                     [](const about::LinkCode&) {}, // taken from the stanza itself: traffic.cpp
                     [](const about::IdentityReset&) {}, [](const about::AppStateChanged&) {},
                     [](const about::MappingsLearnt&) {}, [](const about::HistoryOffered&) {}},
               notice);
}

void Machine::trouble(receive::notice::Trouble::What what) {
    using What = receive::notice::Trouble::What;
    switch (what) {
    case What::clearing_in_vain: warnings_.raise(warn::clearing); return;
    case What::receipts_wanted: warnings_.raise(warn::receipts); return;
    case What::messages_lost: warnings_.raise(warn::lost_messages); return;
    case What::protocol_moved: warnings_.raise(warn::protocol_moved); return;
    }
}

void Machine::rest() {
    if (database_.in_scope() || (connection_ && connection_->offline.draining())) {
        return;
    }
    roots_.rest();
    decoder_.rest();
    if (inbox_) {
        inbox_->rest();
    }
    if (connection_) {
        connection_->line.rest();
    }
    database_.rest();
}

void Machine::spool_shrank(Instant now) {
    now_ = now;
    if (!inbox_->full()) {
        warnings_.end(warn::spool_full.code);
        if (held_ && connection_) {
            connection_->keep_alive.restart(now);
            read(now);
        }
    }
    settle(now);
}

} // namespace vestari::live
