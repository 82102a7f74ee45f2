// What inbound stanzas tell the session, beside messages: things that it has to do, or say to the operator.
//
// Invariants  a notice is given out once, after the batch that its stanza was in is durable. Nothing here comes from an excluded chat.
// Threads     values.
// Source      wire/10-connection.md sections 7.9, 7.10, 10.4 and 11; wire/20-messages.md sections 2.5, 8.1 and 12.3.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "vestari/base/bytes.hpp"

namespace vestari::receive {

namespace notice {

struct PreKeysLow { // the server has `count` one-time pre-keys of ours left
    std::uint64_t count;
};
struct DigestWanted {}; // the server asks for a check of our keys

// A user's identity was reset: its sessions and identities are gone here, under both names.
struct IdentityReset {};

struct OwnDevicesChanged {}; // the list of devices that are linked to the own account

struct GroupChanged { // of an included group; what it meant here is stored already
    enum class What : std::uint8_t {
        name,
        members,
        joined,   // the own account is a member (again)
        left,     // it is not any more: stop expecting messages, tell the operator
        settings, // not applied: ask for the group's information
    };
    std::string jid;
    What what;
};

struct
    GroupHeard { // something changed in a group that is not included; nothing else of it is looked at
    std::string jid;
};

struct AppStateChanged { // server_sync
    struct Collection {
        std::string name;
        std::uint64_t version;
    };
    std::vector<Collection> collections;
};

struct LinkCode { // link_code_companion_reg, second step; as received, nothing is checked
    Bytes ref;
    Bytes wrapped_primary_ephemeral;
    Bytes primary_identity;
};
struct PasskeyWanted {}; // passkey_prologue_request

struct MappingsLearnt { // LID and phone number of `count` users, stored
    std::size_t count;
};
struct HistoryOffered { // its reference is stored sealed and cleared; nothing was fetched
    std::int32_t sync_type;
    std::uint32_t chunk;
    std::uint32_t progress;
};

// Something that the operator should know; `code` is a word of our own.
struct Trouble {
    enum class What : std::uint8_t {
        clearing_in_vain, // a stanza came on three connections although it was cleared
        receipts_wanted,  // acks alone did not clear: from now on inactive receipts
        messages_lost,    // a message of an included group cannot be had: a gap is recorded
        protocol_moved,   // an included group uses an encryption that this program does not know
    };
    What what;
};

} // namespace notice

using Notice =
    std::variant<notice::PreKeysLow, notice::DigestWanted, notice::IdentityReset,
                 notice::OwnDevicesChanged, notice::GroupChanged, notice::AppStateChanged,
                 notice::LinkCode, notice::PasskeyWanted, notice::MappingsLearnt,
                 notice::HistoryOffered, notice::Trouble, notice::GroupHeard>;

} // namespace vestari::receive
