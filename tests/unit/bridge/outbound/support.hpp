// What the tests of the outbound room share: the own account of the vectors, small makers, stanzas of every kind.
#pragma once

#include <string_view>
#include <vector>

#include "bridge/outbound/encode.hpp"
#include "bridge/outbound/guard.hpp"
#include "bridge/wire/decoder.hpp"
#include "tests/support/request_ids.hpp"
#include "tests/unit/bridge/wire/support.hpp"

namespace vestari::test {

namespace out = outbound::out;

inline Jid jid(std::string_view text) { return Jid::parse(text).value(); }
inline out::Text text(std::string_view value) { return out::Text::of(value).value(); }
inline out::KeyId key_id(std::uint32_t number) { return out::KeyId::of(number).value(); }

template <std::size_t N> std::array<std::byte, N> filled(unsigned value) {
    std::array<std::byte, N> bytes{};
    bytes.fill(std::byte{static_cast<std::uint8_t>(value)});
    return bytes;
}

inline outbound::Own own_account() { // that of the vectors
    return {.pn = jid("15551234567:5@s.whatsapp.net"), .lid = jid("77777777777777:5@lid")};
}

inline out::SignedPreKey signed_key() { return {key_id(66051), filled<32>(4), filled<64>(5)}; }
inline out::RetryKeys retry_keys() {
    return {filled<32>(1), {key_id(8), filled<32>(2)}, signed_key(), Bytes(90, std::byte{6})};
}

inline out::Addressed group_message() {
    return {text("3EB0C767D26A1D9AC4A2"), jid("120363021033254949@g.us"),
            jid("156535032389744:2@lid")};
}
inline out::Addressed direct_message() {
    return {text("3EB0C767D26A1D9AC4A1"), jid("15557654321:3@s.whatsapp.net")};
}
inline out::Addressed own_message() {
    return {
        text("3EB0FF"), jid("15551234567@s.whatsapp.net"), {}, jid("15557654321@s.whatsapp.net")};
}

inline out::RetryReceipt retry_of(const out::Addressed& stanza, std::uint64_t count) {
    return {stanza, out::RetryCount::of(count).value(), 1700000000, out::RegistrationId{13103}};
}
inline out::RetryReceipt retry_with_keys() {
    out::RetryReceipt receipt = retry_of(group_message(), out::RetryCount::last);
    receipt.code = out::RetryCode::bad_mac;
    receipt.keys = retry_keys();
    return receipt;
}
inline out::RetryReceipt retry_of_peer() {
    out::RetryReceipt receipt = retry_of(own_message(), 2);
    receipt.category = out::RetryCategory::peer;
    receipt.keys = retry_keys();
    return receipt;
}

using Stanzas = std::vector<outbound::Outbound>;

inline Stanzas linking_stanzas() {
    const out::AnsweredId answered{text("1597")};
    const out::Phone phone = out::Phone::of("15551234567").value();
    const auto hello = [&phone](out::ClientType type, std::string_view display) {
        return out::CompanionHello{RequestIds::make(1), phone, filled<80>(1),
                                   filled<32>(2),       type,  text(display)};
    };
    return {
        out::PairDeviceSeen{answered},
        out::PairDeviceSign{answered, 3, Bytes(150, std::byte{1})},
        out::PairDeviceRefused{answered, out::PairFault::internal_error},
        out::PairDeviceRefused{answered, out::PairFault::hmac_mismatch},
        out::PairDeviceRefused{answered, out::PairFault::signature_mismatch},
        hello(out::ClientType::chrome, "Chrome (Linux)"),
        hello(out::ClientType::desktop, "X"),
        out::CompanionFinish{RequestIds::make(2), phone, filled<156>(3), filled<32>(4),
                             Bytes(60, std::byte{'r'})},
    };
}

inline Stanzas request_stanzas() {
    std::uint32_t count = 2;
    const auto id = [&count] { return RequestIds::make(++count); };
    const out::Group group = out::Group::of(jid("120363021033254949@g.us")).value();
    const out::PreKey key{key_id(65534), filled<32>(9)};
    const out::RegistrationId registration{13103};
    using enum out::CollectionName;
    return {
        out::PreKeyCount{id()},
        out::PreKeyUpload{id(), registration, filled<32>(7), {key}, signed_key()},
        out::PreKeyUpload{id(), registration, filled<32>(7), std::vector(812, key), signed_key()},
        out::PreKeyDigest{id()},
        out::SignedPreKeyRotation{id(), signed_key()},
        out::Delivery{id(), out::DeliveryMode::active},
        out::Delivery{id(), out::DeliveryMode::passive},
        out::Ping{id()},
        out::Pong{},
        out::Pong{out::AnsweredId{text("1597")}},
        out::Clean{id(), out::DirtyBit::account_sync, 1700000000},
        out::Clean{id(), out::DirtyBit::groups},
        out::Clean{id(), out::DirtyBit::communities},
        out::Clean{id(), out::DirtyBit::syncd_app_state, 0},
        out::Clean{id(), out::DirtyBit::newsletter_metadata},
        out::OfflineBatch{},
        out::AppStateRead{id(), {{regular_low, 12}}},
        out::AppStateRead{id(),
                          {{critical_block},
                           {critical_unblock_low},
                           {regular_high},
                           {regular_low},
                           {regular, 0}}},
        out::GroupQuery{id(), group},
        out::GroupList{id()},
        out::MediaHosts{id()},
        out::Unlink{id(), *own_account().pn},
    };
}

inline Stanzas clearing_stanzas() {
    return {
        out::MessageAck{group_message()},
        out::MessageAck{direct_message(), out::MessageTag::status},
        out::MessageAck{own_message(), out::MessageTag::appdata},
        out::Nack{direct_message(), out::NackReason::unparsable},
        out::Nack{group_message(), out::NackReason::unhandled},
        out::Ack{
            {text("4211"), jid("s.whatsapp.net")}, out::AckedTag::notification, text("encrypt")},
        out::Ack{own_message(), out::AckedTag::receipt, text("read")},
        out::Ack{direct_message(), out::AckedTag::call},
        out::InactiveReceipt{group_message()},
        out::InactiveReceipt{direct_message()},
        out::SenderReceipt{own_message()},
        out::SenderReceipt{{text("A"), jid("77777777777777:2@lid"), {}, jid("33333333333333@lid")}},
        out::SenderReceipt{{text("A"), jid("120363021033254949@g.us"), jid("77777777777777@lid")}},
        out::PeerReceipt{own_message()},
        out::PeerReceipt{{text("A"), jid("77777777777777:2@lid")}},
        out::HistoryReceipt{own_message()},
        retry_of(group_message(), 1),
        retry_with_keys(),
        retry_of_peer(),
    };
}

// At least one stanza of every kind, and of every form that a kind has.
inline Stanzas every_kind() {
    Stanzas all = linking_stanzas();
    for (const Stanzas& more : {request_stanzas(), clearing_stanzas()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

inline Bytes encoded(const outbound::Outbound& stanza) {
    return wire::encode(outbound::encode(stanza));
}

} // namespace vestari::test
