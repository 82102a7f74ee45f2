#include "bridge/outbound/encode.hpp"

#include "bridge/outbound/element.hpp"
#include "bridge/wire/node.hpp"

namespace vestari::outbound {

// No raw stanza becomes an Outbound, and no Outbound is a stanza before the guard saw its bytes.
template <class From>
constexpr bool cannot_become_outbound =
    !std::is_constructible_v<Outbound, From> && !std::is_convertible_v<From, Outbound> &&
    !std::is_assignable_v<Outbound&, From>;
static_assert(cannot_become_outbound<wire::Node> && cannot_become_outbound<const wire::Node&> &&
              cannot_become_outbound<const wire::Node*> && cannot_become_outbound<wire::OutNode> &&
              cannot_become_outbound<const wire::OutNode&>);
static_assert(cannot_become_outbound<Bytes> && cannot_become_outbound<BytesView> &&
              cannot_become_outbound<std::string> && cannot_become_outbound<std::string_view> &&
              cannot_become_outbound<const char*> && cannot_become_outbound<Word>);
static_assert(!std::is_constructible_v<wire::OutNode, Outbound> &&
              !std::is_constructible_v<wire::Node, Outbound>);

namespace {

Jid server_jid(std::string_view server) { return Jid::make("", server).value(); }

Element request(const out::IqId& id, Word type, Word xmlns, const Jid& to) {
    return Element{Word::iq}
        .with(Word::id, id)
        .with(Word::to, to)
        .with(Word::type, type)
        .with(Word::xmlns, xmlns);
}

Element request(const out::IqId& id, Word type, Word xmlns) {
    return request(id, type, xmlns, server_jid(server::phone));
}

Element answer(Word type, const out::AnsweredId& answers) {
    return Element{Word::iq}
        .with(Word::to, server_jid(server::phone))
        .with(Word::type, type)
        .with(Word::id, answers.id);
}

// -- linking
Element node_of(const out::PairDeviceSeen& s) { return answer(Word::result, s.answers); }

Element node_of(const out::PairDeviceSign& s) {
    return answer(Word::result, s.answers)
        .holding(Element{Word::pair_device_sign}.holding(
            Element{Word::device_identity, s.device_identity}.with(Word::key_index, s.key_index)));
}

Element node_of(const out::PairDeviceRefused& s) {
    const bool defect = s.fault == out::PairFault::internal_error;
    const Word text = defect                                     ? Word::internal_error
                      : s.fault == out::PairFault::hmac_mismatch ? Word::hmac_mismatch
                                                                 : Word::signature_mismatch;
    return answer(Word::error, s.answers)
        .holding(
            Element{Word::error}.with(Word::code, defect ? 500U : 401U).with(Word::text, text));
}

Element node_of(const out::CompanionHello& s) {
    const std::string_view type = s.type == out::ClientType::chrome ? "1" : "7";
    return request(s.id, Word::set, Word::md)
        .holding(Element{Word::companion_registration}
                     .with(Word::jid, s.phone.jid())
                     .with(Word::stage, Word::companion_hello)
                     .with(Word::show_push, Word::is_true)
                     .holding(Element{Word::wrapped_ephemeral, s.wrapped_ephemeral},
                              Element{Word::companion_noise_key, s.noise_key},
                              Element{Word::platform_id, as_bytes(type)},
                              Element{Word::platform_display, as_bytes(s.display.value())},
                              Element{Word::pairing_nonce, as_bytes("0")}));
}

Element node_of(const out::CompanionFinish& s) {
    return request(s.id, Word::set, Word::md)
        .holding(Element{Word::companion_registration}
                     .with(Word::jid, s.phone.jid())
                     .with(Word::stage, Word::companion_finish)
                     .holding(Element{Word::wrapped_bundle, s.wrapped_bundle},
                              Element{Word::companion_identity, s.identity},
                              Element{Word::pairing_ref, s.ref}));
}

// -- keys
template <std::size_t Width> Bytes number(std::uint64_t value) {
    Bytes bytes;
    append_be<Width>(bytes, value);
    return bytes;
}

Element key_node(const out::PreKey& key) {
    return Element{Word::key}.holding(Element{Word::id, number<3>(key.id.value())},
                                      Element{Word::value, key.key});
}

Element key_node(const out::SignedPreKey& key) {
    return Element{Word::signed_key}.holding(Element{Word::id, number<3>(key.id.value())},
                                             Element{Word::value, key.key},
                                             Element{Word::signature, key.signature});
}

Element registration_node(out::RegistrationId id) {
    return {Word::registration, number<4>(id.value)};
}
Element key_type_node() { return {Word::type, std::array{std::byte{5}}}; }

Element node_of(const out::PreKeyCount& s) {
    return request(s.id, Word::get, Word::encrypt).holding(Element{Word::count});
}

Element node_of(const out::PreKeyUpload& s) {
    std::vector<wire::OutNode> keys;
    keys.reserve(s.keys.size());
    for (const out::PreKey& key : s.keys) {
        keys.push_back(key_node(key).take());
    }
    return request(s.id, Word::set, Word::encrypt)
        .holding(registration_node(s.registration), key_type_node(),
                 Element{Word::identity, s.identity}, Element{Word::list}.holding(std::move(keys)),
                 key_node(s.signed_key));
}

Element node_of(const out::PreKeyDigest& s) {
    return request(s.id, Word::get, Word::encrypt).holding(Element{Word::digest});
}

Element node_of(const out::SignedPreKeyRotation& s) {
    return request(s.id, Word::set, Word::encrypt)
        .holding(Element{Word::rotate}.holding(key_node(s.signed_key)));
}

// -- upkeep
Element node_of(const out::Delivery& s) {
    const Word mode = s.mode == out::DeliveryMode::active ? Word::active : Word::passive;
    return request(s.id, Word::set, Word::passive).holding(Element{mode});
}

Element node_of(const out::Ping& s) { return request(s.id, Word::get, Word::keep_alive); }

Element node_of(const out::Pong& s) {
    return s.answers ? answer(Word::result, *s.answers)
                     : Element{Word::iq}
                           .with(Word::to, server_jid(server::phone))
                           .with(Word::type, Word::result);
}

Word word_of(out::DirtyBit bit) {
    switch (bit) {
    case out::DirtyBit::account_sync: return Word::account_sync;
    case out::DirtyBit::groups: return Word::groups;
    case out::DirtyBit::communities: return Word::communities;
    case out::DirtyBit::syncd_app_state: return Word::syncd_app_state;
    case out::DirtyBit::newsletter_metadata: break;
    }
    return Word::newsletter_metadata;
}

Element node_of(const out::Clean& s) {
    return request(s.id, Word::set, Word::dirty)
        .holding(Element{Word::clean}
                     .with(Word::type, word_of(s.bit))
                     .with(Word::timestamp, s.timestamp));
}

Element node_of(const out::OfflineBatch& s) {
    return Element{Word::ib}.holding(Element{Word::offline_batch}.with(Word::count, s.count));
}

// -- clearing
Element ack(const out::Addressed& to, Word stanza_class) {
    return Element{Word::ack}
        .with(Word::id, to.id)
        .with(Word::to, to.from)
        .with(Word::stanza_class, stanza_class)
        .with(Word::participant, to.participant)
        .with(Word::recipient, to.recipient);
}

Word word_of(out::MessageTag tag) {
    switch (tag) {
    case out::MessageTag::message: return Word::message;
    case out::MessageTag::status: return Word::status;
    case out::MessageTag::appdata: break;
    }
    return Word::appdata;
}

Element node_of(const out::MessageAck& s) { return ack(s.stanza, word_of(s.tag)); }

Element node_of(const out::Nack& s) {
    return ack(s.stanza, word_of(s.tag)).with(Word::error, static_cast<std::uint16_t>(s.reason));
}

Element node_of(const out::Ack& s) {
    const Word tag = s.tag == out::AckedTag::notification ? Word::notification
                     : s.tag == out::AckedTag::receipt    ? Word::receipt
                                                          : Word::call;
    return ack(s.stanza, tag).with(Word::type, s.type);
}

Element receipt(const out::Addressed& to) {
    return Element{Word::receipt}
        .with(Word::id, to.id)
        .with(Word::to, to.from)
        .with(Word::participant, to.participant)
        .with(Word::recipient, to.recipient);
}

Element receipt_to_self(const out::Addressed& to, Word type) {
    return Element{Word::receipt}
        .with(Word::id, to.id)
        .with(Word::to, to.from.bare())
        .with(Word::type, type);
}

Element node_of(const out::InactiveReceipt& s) {
    return receipt(s.stanza).with(Word::type, Word::inactive);
}
Element node_of(const out::SenderReceipt& s) {
    return receipt(s.stanza).with(Word::type, Word::sender);
}
Element node_of(const out::PeerReceipt& s) { return receipt_to_self(s.stanza, Word::peer_msg); }
Element node_of(const out::HistoryReceipt& s) { return receipt_to_self(s.stanza, Word::hist_sync); }

Element keys_node(const out::RetryKeys& keys) {
    return Element{Word::keys}.holding(key_type_node(), Element{Word::identity, keys.identity},
                                       key_node(keys.key), key_node(keys.signed_key),
                                       Element{Word::device_identity, keys.device_identity});
}

Element node_of(const out::RetryReceipt& s) {
    Element retry = Element{Word::retry}
                        .with(Word::count, s.count.value())
                        .with(Word::id, s.stanza.id)
                        .with(Word::time, s.sent_at)
                        .with(Word::version_key, 1U);
    if (s.code) {
        retry = std::move(retry).with(Word::error, static_cast<unsigned>(*s.code));
    }
    Element node = receipt(s.stanza);
    if (s.category == out::RetryCategory::peer) {
        node = std::move(node).with(Word::category, Word::peer);
    }
    node = std::move(node)
               .with(Word::type, Word::retry)
               .holding(std::move(retry), registration_node(s.registration));
    return s.keys ? std::move(node).also_holding(keys_node(*s.keys)) : std::move(node);
}

// -- reading
Word word_of(out::CollectionName name) {
    switch (name) {
    case out::CollectionName::critical_block: return Word::critical_block;
    case out::CollectionName::critical_unblock_low: return Word::critical_unblock_low;
    case out::CollectionName::regular_high: return Word::regular_high;
    case out::CollectionName::regular_low: return Word::regular_low;
    case out::CollectionName::regular: break;
    }
    return Word::regular;
}

Element node_of(const out::AppStateRead& s) {
    std::vector<wire::OutNode> collections;
    collections.reserve(s.collections.size());
    for (const out::Collection& collection : s.collections) {
        collections.push_back(
            Element{Word::collection}
                .with(Word::name, word_of(collection.name))
                .with(Word::return_snapshot, collection.since ? Word::is_false : Word::is_true)
                .with(Word::version, collection.since)
                .take());
    }
    return request(s.id, Word::set, Word::app_state)
        .holding(Element{Word::sync}.holding(std::move(collections)));
}

Element node_of(const out::GroupQuery& s) {
    return request(s.id, Word::get, Word::group_namespace, s.group.jid())
        .holding(Element{Word::query}.with(Word::request, Word::interactive));
}

Element node_of(const out::GroupList& s) {
    return request(s.id, Word::get, Word::group_namespace, server_jid(server::group))
        .holding(Element{Word::participating}.holding(Element{Word::participants},
                                                      Element{Word::description}));
}

Element node_of(const out::MediaHosts& s) {
    return request(s.id, Word::set, Word::media_namespace).holding(Element{Word::media_conn});
}

Element node_of(const out::Unlink& s) {
    return request(s.id, Word::set, Word::md)
        .holding(Element{Word::remove_companion}
                     .with(Word::jid, s.own_device)
                     .with(Word::reason, Word::user_initiated));
}

} // namespace

// No default branch: a struct without its node_of does not compile.
wire::OutNode encode(const Outbound& stanza) {
    return std::visit([](const auto& kind) { return node_of(kind).take(); }, stanza);
}

} // namespace vestari::outbound
