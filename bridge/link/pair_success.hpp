// The phone has scanned the code: proves that the account's own key vouches for this device, and makes the reply.
//
// Invariants  checked in the order of section 7.8, each failure with the error reply given there; secrets and tags are compared in
//             constant time; what is signed and stored are the bytes that were received.
// Order       verify, then policy, then store_linked (one savepoint, durable), and only then may `reply` leave.
// Threads     free functions; store_linked: the database's owner.
// Errors      Rejected says what to answer. StoreErrc, thrown: answer `storing_failed`.
// Source      wire/10-connection.md section 7.8. Vectors: adv_pairing.json.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "bridge/link/device.hpp"
#include "bridge/wire/node.hpp"
#include "vestari/base/jid.hpp"

namespace vestari::link {

// <error code text/> of the error reply; end the connection after it.
struct Rejected {
    std::uint16_t code;
    std::string_view text; // a literal
    bool operator==(const Rejected&) const = default;
};
inline constexpr Rejected internal_error{500, "internal-error"};
inline constexpr Rejected hmac_mismatch{401, "hmac-mismatch"};
inline constexpr Rejected signature_mismatch{401, "signature-mismatch"};

// What the reply says: <pair-device-sign><device-identity key-index>bytes.
struct PairDeviceSign {
    std::uint32_t key_index = 0;
    Bytes device_identity; // without the account's key
};

// What is known of the link from then on.
struct Linked {
    Jid me;                                  // by phone number, with the device
    std::optional<Jid> lid;                  // the same device by LID
    std::string platform;                    // of the phone: "android", "iphone"; foreign text
    std::string business_name;               // may be empty; foreign text
    std::uint32_t key_index = 0;             // of this device in the account's list
    std::array<std::byte, 32> account_key{}; // identity of the primary device
    Bytes account;                           // ADVSignedDeviceIdentity in full, for own key bundles
    TimePoint since{};                       // by the own clock
};

struct Paired {
    Linked linked;
    PairDeviceSign reply;
    std::optional<std::uint64_t> server_time; // Unix seconds
};

[[nodiscard]] std::variant<Paired, Rejected>
verify_pair_success(const wire::Node& iq, const DeviceSecrets& device, TimePoint now);

// Account, own JIDs, their mapping, and the primary's identity under LID and phone number: all in one savepoint. Durable when it
// returns, if the caller has no transaction open around it.
void store_linked(store::SessionDatabase& database, const Linked& linked);

// None: not linked. Throws StoreErrc::damaged_record.
[[nodiscard]] std::optional<Linked> load_linked(store::SessionDatabase& database);

// <success lid=…> told another LID than the stored one: replaced, with its mapping and the primary's identity under it.
void store_lid(store::SessionDatabase& database, const Jid& lid, TimePoint now);

} // namespace vestari::link
