#include "bridge/receive/inbox/clearing.hpp"

namespace vestari::receive {

namespace out = outbound::out;

namespace {

using What = Case::What;
using By = Case::By;
using Stanzas = std::vector<outbound::Outbound>;

constexpr std::uint32_t again = 2;
constexpr std::uint32_t in_vain = 3;

std::optional<Jid> jid_of(const std::optional<wire::JidView>& view) {
    const Result<Jid> jid = view ? view->to_jid() : Result<Jid>{JidErrc::empty};
    return jid ? std::optional{*jid} : std::nullopt;
}

// The receipt that the sender's devices, or the own ones, are sent for it.
outbound::Outbound receipt(const out::Addressed& stanza, By by) {
    if (by == By::own_device) {
        out::SenderReceipt receipt{stanza};
        if (stanza.from.is_group()) { // the chat is named already, and by nothing else
            receipt.stanza.recipient.reset();
        }
        return receipt;
    }
    return out::InactiveReceipt{stanza};
}

void peer_receipts(const out::Addressed& stanza, What what, Stanzas& into) {
    const out::Addressed own{stanza.id, stanza.from.bare()};
    into.emplace_back(out::PeerReceipt{own});
    if (what == What::peer_history) {
        into.emplace_back(out::HistoryReceipt{own});
    }
}

// The escalation of wire/README.md, decision 1.
Stanzas excluded(const out::Addressed& stanza, const Case& happened) {
    Stanzas all;
    if (happened.by == By::own_device) {
        all.push_back(receipt(stanza, happened.by));
        if (happened.deliveries >= again) {
            all.emplace_back(out::MessageAck{stanza});
        }
        if (happened.deliveries >= in_vain) {
            all.emplace_back(out::Nack{stanza, out::NackReason::unhandled});
        }
        return all;
    }
    if (happened.deliveries < again) {
        all.emplace_back(out::MessageAck{stanza});
        return all;
    }
    all.emplace_back(out::Nack{stanza, out::NackReason::unhandled});
    if (happened.deliveries >= in_vain && happened.by == By::others) {
        all.emplace_back(out::InactiveReceipt{stanza});
    }
    return all;
}

} // namespace

std::optional<out::Addressed> addressed(const route::StanzaHeader& header) {
    if (!route::usable_id(header.id)) {
        return std::nullopt;
    }
    std::optional<Jid> from = jid_of(header.from);
    Result<out::Text> id = out::Text::of(header.id);
    if (!from || !id) {
        return std::nullopt;
    }
    return out::Addressed{std::move(*id), std::move(*from), jid_of(header.participant),
                          jid_of(header.recipient)};
}

Stanzas clearing(const out::Addressed& stanza, const Case& happened) {
    if (happened.what == What::excluded) {
        return excluded(stanza, happened);
    }
    Stanzas all;
    const bool came_again = happened.deliveries >= again;
    bool acked = true;
    switch (happened.what) {
    case What::peer:
    case What::peer_history:
        peer_receipts(stanza, happened.what, all);
        acked = came_again;
        break;
    case What::read: {
        const bool ack_alone = happened.by == By::others && !came_again &&
                               happened.receipts == config::Receipts::ack_only;
        if (!ack_alone) {
            all.push_back(receipt(stanza, happened.by));
        }
        acked = ack_alone || came_again;
        break;
    }
    case What::unparsable:
        all.emplace_back(out::Nack{stanza, out::NackReason::unparsable});
        acked = came_again;
        break;
    case What::unreadable:
    case What::excluded: break;
    }
    if (acked) {
        all.emplace_back(out::MessageAck{stanza});
    }
    if (happened.deliveries >= in_vain) {
        all.emplace_back(out::Nack{stanza, out::NackReason::unhandled});
    }
    return all;
}

By sender_of_dropped(const route::StanzaHeader& header, route::DropReason reason,
                     const route::Own& me) noexcept {
    const bool in_group = header.from && header.from->server == server::group;
    switch (reason) {
    case route::DropReason::not_included:
    case route::DropReason::direct:
    case route::DropReason::own_chat:
    case route::DropReason::peer_forged:
    case route::DropReason::malformed: break;
    case route::DropReason::none:
    case route::DropReason::broadcast:
    case route::DropReason::newsletter:
    case route::DropReason::bot:
    case route::DropReason::foreign:
    case route::DropReason::unknown: return By::channel;
    }
    const auto& author = in_group ? header.participant : header.from;
    if (author && me.is(*author)) {
        return By::own_device;
    }
    const bool in_chat = header.from && !header.from->user.empty() &&
                         (in_group || Jid::family_of(header.from->server) != Jid::Family::other);
    return in_chat ? By::others : By::channel; // a server itself is sent no receipt
}

} // namespace vestari::receive
