// The Inbox's way of a message: what the receiver made of it, what clears it, what is asked for again.
#include "bridge/receive/handling/history_form.hpp"
#include "bridge/receive/inbox/parts.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::receive {

namespace out = outbound::out;

namespace {

using What = Handled::What;

constexpr std::size_t max_raw_frame = 256U << 10U;
constexpr std::uint64_t max_raw_rows = 1000; // a flood of broken stanzas is counted, not kept
constexpr std::uint32_t in_vain = 3;

std::string text_of(const std::optional<wire::JidView>& jid) {
    return jid ? jid->to_string() : std::string{};
}

std::optional<out::RetryCode> code_of(ErrorCode error) {
    if (error.category() != make_error_code(signal::SignalErrc::duplicate).category()) {
        return std::nullopt;
    }
    const auto code = signal::retry_code(static_cast<signal::SignalErrc>(error.value()));
    return code ? std::optional{static_cast<out::RetryCode>(*code)} : std::nullopt;
}

Case::What case_of(const Handled& handled) {
    switch (handled.what) {
    case What::read: return Case::What::read;
    case What::own_control: return handled.history ? Case::What::peer_history : Case::What::peer;
    case What::unparsable:
    case What::nobody: return Case::What::unparsable;
    case What::failed:
    case What::lost:
    case What::unavailable:
    case What::unsupported: return Case::What::unreadable;
    case What::dropped:
    case What::notification: break;
    }
    return Case::What::excluded;
}

} // namespace

void Inbox::Parts::stanza(BytesView frame, TimePoint at) {
    const Result<const wire::Node*> root = roots.read(frame);
    if (!root) {
        counters.add("undecodable", at); // nobody to answer
        return;
    }
    const route::StanzaHeader header = route::header_of(**root);
    if (header.tag == "message") {
        message(header, frame, at);
    } else if (header.tag == "notification") {
        notification(header, frame, at);
    } else if (header.tag == "receipt") {
        acknowledge(header, out::AckedTag::receipt, header.type);
    } else if (header.tag == "call") {
        counters.add("call", at);
        acknowledge(header, out::AckedTag::call, header.type);
    } else if (header.tag == "status" || header.tag == "appdata") {
        if (const auto to = addressed(header)) {
            send(out::MessageAck{*to, header.tag == "status" ? out::MessageTag::status
                                                             : out::MessageTag::appdata});
        }
    } else if (header.tag != "ack" && header.tag != "presence" && header.tag != "chatstate") {
        counters.add("unknown_stanza", at);
    }
}

void Inbox::Parts::message(const route::StanzaHeader& header, BytesView frame, TimePoint at) {
    if (!receiver) {
        return; // not linked: nothing is ours to clear
    }
    Handled handled = receiver->handle(header, frame, at);
    if (handled.learnt > 0) {
        tell(notice::MappingsLearnt{handled.learnt});
    }
    for (const Origin& read : handled.read) {
        resends.read({read.chat, read.sender.address.to_string(), read.id});
        batch->message(read.chat, read.sent_at);
    }
    if (handled.what == What::dropped) {
        dropped(header, handled, frame, at);
        return;
    }
    if (handled.foreign_version) {
        trouble(notice::Trouble::What::protocol_moved);
    }
    history(handled, at);
    const auto stanza = addressed(header);
    if (!stanza) {
        return;
    }
    if (handled.what == What::failed) {
        missing(*stanza, header, handled, at);
    } else if (handled.what == What::lost && handled.origin && !handled.hidden &&
               header.from->server == server::group) {
        lost(receiver->gap_of(*handled.origin));
    } else if (handled.what == What::unparsable || handled.what == What::nobody) {
        keep_raw(frame, at);
    }
    const bool own = handled.origin && handled.origin->from_me;
    answer(*stanza,
           {case_of(handled), own ? Case::By::own_device : Case::By::others,
            deliveries(header, handled.resend, at), options.receipts},
           frame, at);
}

void Inbox::Parts::dropped(const route::StanzaHeader& header, const Handled& handled,
                           BytesView frame, TimePoint at) {
    const auto stanza = addressed(header);
    if (!stanza) {
        return;
    }
    Case happened{Case::What::excluded, sender_of_dropped(header, handled.reason, *options.own),
                  deliveries(header, 0, at), options.receipts};
    // Of an included group what lacks a sender is no message: the server is told so (wire/20-messages.md section 2.1).
    if (handled.reason == route::DropReason::malformed && options.included.contains(*header.from)) {
        happened.what = Case::What::unparsable;
        keep_raw(frame, at);
    }
    answer(*stanza, happened, {}, at);
}

void Inbox::Parts::answer(const out::Addressed& stanza, const Case& happened, BytesView frame,
                          TimePoint at) {
    if (happened.what == Case::What::read && happened.by == Case::By::others &&
        happened.receipts == config::Receipts::ack_only && happened.deliveries > 1) {
        use_receipts();
        trouble(notice::Trouble::What::receipts_wanted);
    }
    if (happened.deliveries == in_vain) {
        trouble(notice::Trouble::What::clearing_in_vain);
        keep_raw(frame, at); // empty for an excluded chat: nothing of it is kept
    }
    for (outbound::Outbound& leaving : clearing(stanza, happened)) {
        send(std::move(leaving));
    }
}

std::uint32_t Inbox::Parts::deliveries(const route::StanzaHeader& header, std::uint64_t resend,
                                       TimePoint at) {
    return delivered.delivered(
        {header.id, text_of(header.from), text_of(header.participant), resend}, ordinal, at);
}

void Inbox::Parts::missing(const out::Addressed& stanza, const route::StanzaHeader& header,
                           const Handled& handled, TimePoint at) {
    if (!handled.origin) {
        return;
    }
    const Origin& origin = *handled.origin;
    const bool in_group = header.from->server == server::group;
    Missing wanted{stanza};
    wanted.category = in_group ? out::RetryCategory::none : out::RetryCategory::peer;
    wanted.sent_at = header.t.value_or(0);
    wanted.code = code_of(handled.error);
    if (in_group && !handled.hidden) {
        wanted.gap = receiver->gap_of(origin);
    }
    const std::string member = origin.sender.address.to_string();
    Resends::Asked asked =
        resends.failed({origin.chat, member, origin.id}, wanted, handled.resend, at);
    if (asked.now) {
        send(std::move(*asked.now));
    }
    if (asked.gave_up && wanted.gap) {
        lost(std::move(*wanted.gap));
    }
}

void Inbox::Parts::lost(event::Envelope gap) {
    if (receiver && receiver->gap(std::move(gap))) {
        trouble(notice::Trouble::What::messages_lost);
    }
}

void Inbox::Parts::history(Handled& handled, TimePoint at) {
    if (!handled.offered) {
        return;
    }
    Bytes reference = encode(*handled.offered);
    histories.put(reference, at);
    crypto::wipe(reference);
    crypto::wipe(handled.offered->media_key);
    crypto::wipe(handled.offered->inline_payload);
    tell(notice::HistoryOffered{handled.offered->sync_type, handled.offered->chunk_order,
                                handled.offered->progress});
}

void Inbox::Parts::keep_raw(BytesView frame, TimePoint at) {
    if (!frame.empty() && frame.size() <= max_raw_frame && quarantine.rows() < max_raw_rows) {
        quarantine.put(frame, at);
    }
}

} // namespace vestari::receive
