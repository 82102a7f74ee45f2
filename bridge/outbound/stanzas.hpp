// All that Vestari can say to WhatsApp: one plain struct a shape, and the closed variant of them. Nothing else is ever sent; a new
// struct here is a change of the design. There is no struct for a message, a presence, a typing mark or a read receipt.
//
// The numbers are the rows of wire/10-connection.md section 14. Left out, because nothing in the product asks for them: 25
// (server-error receipt, asks the phone to upload media again) and 27 (usync, asks for other users' devices and names).
//
// Invariants  an Outbound can be made from these structs alone, never from a stanza, decoded or built (asserted in encode.cpp).
// Threads     values.
// Errors      none: what could be wrong was checked when the values (values.hpp) were made.
// Source      wire/10-connection.md sections 7.6 to 7.9, 9.3, 9.4, 10, 11, 12, 14; wire/20-messages.md section 5.2.
#pragma once

#include <variant>

#include "bridge/outbound/values.hpp"

namespace vestari::outbound {
namespace out {

// -- linking ------------------------------------------------------------------------------------------------------------------
struct PairDeviceSeen { // 1: answer to pair-device
    AnsweredId answers;
};
struct PairDeviceSign { // 2: answer to pair-success
    AnsweredId answers;
    std::uint32_t key_index;
    Bytes device_identity; // ADVSignedDeviceIdentity without the account's signature key; not empty
};
enum class PairFault : std::uint8_t { internal_error, hmac_mismatch, signature_mismatch };
struct PairDeviceRefused { // 3
    AnsweredId answers;
    PairFault fault;
};
enum class ClientType : std::uint8_t { chrome, desktop }; // section 7.3: "1", "7"
struct CompanionHello {                                   // 4: linking with a code, first step
    IqId id;
    Phone phone;
    std::array<std::byte, 80> wrapped_ephemeral; // salt, iv, wrapped key
    PublicKey noise_key;
    ClientType type;
    Text display; // "Chrome (Linux)"
};
struct CompanionFinish { // 5: second step
    IqId id;
    Phone phone;
    std::array<std::byte, 156> wrapped_bundle; // salt 32, nonce 12, three keys 96, tag 16
    PublicKey identity;
    Bytes ref; // as the server gave it; not empty
};

// -- keys ---------------------------------------------------------------------------------------------------------------------
struct PreKeyCount { // 6
    IqId id;
};
struct PreKeyUpload { // 7
    IqId id;
    RegistrationId registration;
    PublicKey identity;
    std::vector<PreKey> keys; // 1 to 1,000
    SignedPreKey signed_key;
};
struct PreKeyDigest { // 8
    IqId id;
};
struct SignedPreKeyRotation { // 9
    IqId id;
    SignedPreKey signed_key;
};

// -- upkeep -------------------------------------------------------------------------------------------------------------------
enum class DeliveryMode : std::uint8_t {
    active,
    passive
}; // of stanzas to this device; no presence
struct Delivery { // 10
    IqId id;
    DeliveryMode mode;
};
struct Ping { // 11
    IqId id;
};
struct Pong { // 12
    std::optional<AnsweredId> answers{};
};
enum class DirtyBit : std::uint8_t {
    account_sync,
    groups,
    communities,
    syncd_app_state,
    newsletter_metadata,
};
struct Clean { // 13
    IqId id;
    DirtyBit bit;
    std::optional<std::uint64_t> timestamp{}; // of the dirty bit, seconds
};
struct OfflineBatch { // 14
    std::uint16_t count = 100;
};

// -- clearing: stanzas that are stored here or not wanted (15 to 20) --------------------------------------------------------------
enum class MessageTag : std::uint8_t { message, status, appdata };
struct MessageAck { // 15; without a type: section 11.2
    Addressed stanza;
    MessageTag tag = MessageTag::message;
};
enum class NackReason : std::uint16_t { unparsable = 487, unhandled = 500 };
struct Nack { // 15
    Addressed stanza;
    NackReason reason;
    MessageTag tag = MessageTag::message;
};
enum class AckedTag : std::uint8_t { notification, receipt, call };
struct Ack { // 15
    Addressed stanza;
    AckedTag tag;
    std::optional<Text> type{}; // exactly if the stanza had one
};
struct InactiveReceipt { // 16; not for channels and status posts: the guard refuses those
    Addressed stanza;
};
struct SenderReceipt { // 17: own message, sent from another own device; `from` is the own user
    Addressed stanza;
};
struct PeerReceipt { // 18: to the own user without device
    Addressed stanza;
};
struct HistoryReceipt { // 19: as 18
    Addressed stanza;
};
enum class RetryCode : std::uint8_t {
    no_session = 1,
    invalid_key = 2,
    invalid_key_id = 3,
    invalid_message = 4,
    invalid_signature = 5,
    bad_mac = 7,
};
enum class RetryCategory : std::uint8_t { none, peer };
struct RetryKeys {
    PublicKey identity;
    PreKey key;
    SignedPreKey signed_key;
    Bytes device_identity; // with the account's signature key; not empty
};
struct RetryReceipt { // 20
    Addressed stanza;
    RetryCount count;
    std::uint64_t sent_at; // the stanza's `t`
    RegistrationId registration;
    RetryCategory category = RetryCategory::none;
    std::optional<RetryCode> code{};
    std::optional<RetryKeys> keys{};
};

// -- reading what the account knows -----------------------------------------------------------------------------------------------
enum class CollectionName : std::uint8_t {
    critical_block,
    critical_unblock_low,
    regular_high,
    regular_low,
    regular,
};
struct Collection {
    CollectionName name;
    std::optional<std::uint64_t> since{}; // patches after this version; a snapshot if absent
};
struct AppStateRead { // 21: there is nothing here that a change could be put into
    IqId id;
    std::vector<Collection> collections; // 1 to 5, each once
};
struct GroupQuery { // 22
    IqId id;
    Group group;
};
struct GroupList { // 23
    IqId id;
};
struct MediaHosts { // 24
    IqId id;
};

// -- the operator's order to unlink -----------------------------------------------------------------------------------------------
struct Unlink { // 26
    IqId id;
    Jid own_device; // the guard compares it with this account's own
};

} // namespace out

using Outbound =
    std::variant<out::PairDeviceSeen, out::PairDeviceSign, out::PairDeviceRefused,
                 out::CompanionHello, out::CompanionFinish, out::PreKeyCount, out::PreKeyUpload,
                 out::PreKeyDigest, out::SignedPreKeyRotation, out::Delivery, out::Ping, out::Pong,
                 out::Clean, out::OfflineBatch, out::MessageAck, out::Nack, out::Ack,
                 out::InactiveReceipt, out::SenderReceipt, out::PeerReceipt, out::HistoryReceipt,
                 out::RetryReceipt, out::AppStateRead, out::GroupQuery, out::GroupList,
                 out::MediaHosts, out::Unlink>;

} // namespace vestari::outbound
