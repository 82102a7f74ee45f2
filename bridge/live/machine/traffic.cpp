#include <algorithm>
#include <array>

#include "bridge/live/machine/machine.hpp"
#include "bridge/live/machine/names.hpp"
#include "bridge/noise/errors.hpp"
#include "bridge/route/stanza_header.hpp"
#include "bridge/store/device.hpp"

namespace vestari::live {

namespace {

// What the session itself is about; everything else is the inbox's.
constexpr std::array<std::string_view, 7> session_tags{
    "iq", "ib", "success", "failure", "stream:error", "xmlstreamend", "error"};
constexpr std::string_view link_code_type = "link_code_companion_reg";
constexpr std::chrono::seconds tolerated_offset{60};

bool from_server(const wire::Node& stanza) {
    if (const std::optional<wire::JidView> from = stanza.jid_of("from")) {
        return from->user.empty() && from->server == server::phone;
    }
    const std::string_view from = stanza.text_of("from").value_or("");
    return from == server::phone || from == "@s.whatsapp.net";
}

std::optional<outbound::out::AnsweredId> answered_id(const wire::Node& iq) {
    Result<outbound::out::Text> id = outbound::out::Text::of(iq.text_of("id").value_or(""));
    return id ? std::optional{outbound::out::AnsweredId{std::move(*id)}} : std::nullopt;
}

std::optional<outbound::out::DirtyBit> dirty_bit(std::string_view type) noexcept {
    using outbound::out::DirtyBit;
    constexpr std::array<std::pair<std::string_view, DirtyBit>, 5> bits{
        {{"account_sync", DirtyBit::account_sync},
         {"groups", DirtyBit::groups},
         {"communities", DirtyBit::communities},
         {"syncd_app_state", DirtyBit::syncd_app_state},
         {"newsletter_metadata", DirtyBit::newsletter_metadata}}};
    const auto* const found =
        std::ranges::find(bits, type, &std::pair<std::string_view, DirtyBit>::first);
    return found == bits.end() ? std::nullopt : std::optional{found->second};
}

} // namespace

void Machine::received(BytesView bytes, Instant now) {
    now_ = now;
    if (!connection_) {
        return; // on its way when the connection was given up
    }
    connection_->keep_alive.heard(now);
    connection_->line.feed(bytes);
    read(now);
    settle(now);
}

void Machine::read(Instant now) {
    if (held_) {
        Bytes frame = std::move(*held_);
        held_.reset();
        if (take(std::move(frame), now) == Go::stop) {
            return;
        }
    }
    while (connection_) {
        const bool before = connection_->line.established();
        Result<std::optional<Bytes>> frame = connection_->line.next(clock_.now());
        if (!frame) {
            if (connection_->line.established() ||
                frame.error() == noise::NoiseErrc::frame_too_long ||
                frame.error() == noise::NoiseErrc::malformed_hello) {
                integrity_failed({}, now);
            } else {
                handshake_failed(frame.error(), now);
            }
            return;
        }
        if (!before && connection_->line.established()) {
            handshakes_failed_ = 0;
            routed_failures_ = 0;
            warnings_.end(warn::handshake.code);
            warnings_.end(warn::wrong_clock.code);
            connection_->handshake_done(now);
        }
        if (!*frame || take(std::move(**frame), now) == Go::stop) {
            break;
        }
    }
    batch_due(now);
}

Machine::Go Machine::take(Bytes frame, Instant now) {
    ++totals_.received;
    const Result<const wire::Node*> root = roots_.read(frame);
    if (!root) {
        integrity_failed({}, now); // nobody knows which stanza it is
        return Go::stop;
    }
    if (std::ranges::find(session_tags, (*root)->tag) == session_tags.end()) {
        return to_inbox(std::move(frame), **root, now);
    }
    const Result<const wire::Node*> stanza = decoder_.decode(frame);
    if (!stanza) {
        integrity_failed((*root)->text_of("id").value_or(""), now);
        return Go::stop;
    }
    commit(now); // so that no transaction is open
    if (connection_) {
        guarded(now, [&] { session_stanza(**stanza, now); });
    }
    return connection_ ? Go::on : Go::stop;
}

Machine::Go Machine::to_inbox(Bytes frame, const wire::Node& root, Instant now) {
    const route::StanzaHeader header = route::header_of(root);
    const bool link_code =
        attempt_ && header.tag == "notification" && header.type == link_code_type;
    if (linked_) { // the phone is the account's device 0
        const route::Own own{linked_->me, linked_->lid};
        const auto& author = header.participant ? header.participant : header.from;
        if (author && author->device == 0 && own.is(*author)) {
            phone_last_seen_ = clock_.now();
        }
    }
    if (!header.offline.empty() && linked_ &&
        connection_->offline.stanza() == OfflineQueue::Then::ask) {
        connection_->send(outbound::out::OfflineBatch{OfflineQueue::batch});
    }
    receive::Inbox::Took took = receive::Inbox::Took::yes;
    guarded(now, [&] { took = inbox_->take(frame, clock_.now(), connection_->number()); });
    if (!connection_) {
        return Go::stop;
    }
    if (took == receive::Inbox::Took::full) {
        --totals_.received; // it is offered again
        held_ = std::move(frame);
        warnings_.raise(warn::spool_full);
        return Go::stop;
    }
    if (link_code) {
        commit(now);
        if (const Result<wire::Document> document = wire::decode(frame); document && connection_) {
            guarded(now, [&] { code_typed(document->root(), now); });
        }
    }
    return connection_ ? Go::on : Go::stop;
}

void Machine::session_stanza(const wire::Node& stanza, Instant now) {
    if (stanza.tag == "iq") {
        iq(stanza, now);
    } else if (stanza.tag == "ib") {
        ib(stanza, now);
    } else if (stanza.tag == "success") {
        success(stanza, now);
    } else if (stanza.tag == "failure") {
        drop(of_failure(stanza), now);
    } else if (stanza.tag == "stream:error") {
        drop(of_stream_error(stanza), now);
    } else if (stanza.tag == "error") {
        ++totals_.protocol_errors; // ours; nothing is known of which
        warnings_.raise(warn::invalid_stanza);
    } else {
        drop(failure::stream_end, now);
    }
}

void Machine::iq(const wire::Node& stanza, Instant now) {
    const std::string_view type = stanza.text_of("type").value_or("");
    if (type == "result" || type == "error") {
        if (const std::optional<Answer> answer = connection_->requests.answered(stanza)) {
            answered(*answer, &stanza, now);
        }
        return;
    }
    if (!from_server(stanza)) {
        return;
    }
    const std::string_view kind = stanza.text_of("xmlns").value_or("");
    if (type == "get" && kind == "urn:xmpp:ping") {
        connection_->send(outbound::out::Pong{answered_id(stanza)});
    } else if (type == "set" && attempt_ && stanza.child("pair-device") != nullptr) {
        pair_device(stanza, now);
    } else if (type == "set" && attempt_ && stanza.child("pair-success") != nullptr) {
        pair_success(stanza, now);
    }
}

void Machine::answered(const Answer& answer, const wire::Node* stanza, Instant now) {
    switch (answer.what) {
    case Ask::pre_key_count:
    case Ask::pre_key_upload:
    case Ask::pre_key_digest:
    case Ask::key_rotation: pre_keys_.answered(answer, stanza, *connection_, now); return;
    case Ask::group_list:
    case Ask::group_query:
        if (directory_.answered(answer, stanza, included_, now) == GroupDirectory::News::changed) {
            inbox_->learn(directory_.take_mappings(), clock_.now(), connection_->number());
            commit(now);
            observer_.groups_changed();
        }
        return;
    case Ask::ping:
        if (stanza != nullptr) {
            learn_time(stanza->number_of("t"), answer.asked_at, now);
        }
        return;
    case Ask::companion_hello:
        if (attempt_ && attempt_->code && stanza != nullptr &&
            (answer.kind != Answer::Kind::result || !attempt_->code->answered(*stanza))) {
            link_failed(link::Failure::refused, State::refused, code_refused);
        }
        return;
    case Ask::unlink: unlink_answered(answer, now); return;
    case Ask::delivery: // nothing is delivered without it: not answered in time, it is asked again
        active_ = active_ && answer.kind != Answer::Kind::none;
        return;
    case Ask::clean:
    case Ask::companion_finish: return;
    }
}

void Machine::ib(const wire::Node& stanza, Instant now) {
    for (const wire::Node& child : stanza.children()) {
        if (child.tag == "offline_preview") {
            if (connection_->offline.preview() == OfflineQueue::Then::ask) {
                connection_->send(outbound::out::OfflineBatch{OfflineQueue::batch});
            }
        } else if (child.tag == "offline") {
            connection_->offline.finished();
            inbox_->rest();
        } else if (child.tag == "dirty") {
            dirty(child, now);
        } else if (child.tag == "edge_routing") {
            const wire::Node* const info = child.child("routing_info");
            if (info != nullptr && !info->bytes().empty() &&
                info->bytes().size() <= noise::max_routing_info) {
                store::Device{database_}.put(names::routing, info->bytes());
            }
        } else if (child.tag == "downgrade_webclient") {
            drop(failure::downgraded, now);
            return;
        }
    }
}

void Machine::dirty(const wire::Node& bit, Instant now) {
    const auto kind = dirty_bit(bit.text_of("type").value_or(""));
    if (!kind || !linked_ || connection_->phase() != Connection::Phase::logged_in) {
        return;
    }
    if (*kind == outbound::out::DirtyBit::groups) {
        directory_.list_changed();
    }
    connection_->ask(Ask::clean, now, [&](auto id) {
        return outbound::out::Clean{id, *kind, bit.number_of("timestamp")};
    });
}

void Machine::success(const wire::Node& stanza, Instant now) {
    if (connection_->phase() != Connection::Phase::before_login || !linked_) {
        return;
    }
    connection_->logged_in(now);
    ++totals_.logins;
    attempts_failed_ = 0;
    refused_version_.reset();
    warnings_.end(warn::network.code);
    warnings_.end(warn::poison.code);
    if (const std::optional<wire::JidView> lid = stanza.jid_of("lid")) {
        if (Result<Jid> jid = lid->to_jid();
            jid && jid->family() == Jid::Family::lid && linked_->lid != std::optional{*jid}) {
            link::store_lid(database_, *jid, clock_.now());
            linked_->lid = std::move(*jid);
            inbox_->set_device({linked_->me, linked_->lid}, linked_->account);
        }
    }
    learn_time(stanza.number_of("t"), now, now);
    if (attempt_) {
        attempt_.reset();
        observer_.link_event(link::LinkedAs{linked_->me, linked_->business_name});
    }
    mode_ = Mode::running;
    if (freshness_.health(now) == Freshness::Health::good) {
        set_state(State::connected, logged_in);
    } else {
        set_state(State::degraded, failure::stalled.why); // connected, and still nobody speaks
    }
    pre_keys_.logged_in(*connection_, now);
}

void Machine::learn_time(std::optional<std::uint64_t> server_seconds, Instant asked_at,
                         Instant now) {
    constexpr std::uint64_t plausible = 1ULL << 33U; // the year 2242
    if (!server_seconds || *server_seconds > plausible) {
        return;
    }
    const TimePoint theirs{std::chrono::seconds{static_cast<std::int64_t>(*server_seconds)}};
    clock_offset_ = theirs - (clock_.now() - (now - asked_at) / 2);
    if (std::chrono::abs(clock_offset_) > tolerated_offset) {
        warnings_.raise(warn::clock_offset);
    } else {
        warnings_.end(warn::clock_offset.code);
    }
}

} // namespace vestari::live
