// This device's own keys, made once and kept sealed: what the handshake, the registration and the QR code need.
//
// Invariants  everything is durable before `open_device` returns, so before the first connection; the identity, the signed pre-key
//             and the registration id stand where bridge/signal reads them. Private keys live in locked memory.
//             A device is whole or absent: half of one is LinkErrc::damaged_device, never repaired by making new keys.
// Threads     the database's owner.
// Errors      LinkErrc::damaged_device. StoreErrc, thrown.
// Source      wire/10-connection.md section 1 (persistent secrets) and 7.1.
#pragma once

#include <cstdint>
#include <optional>

#include "bridge/signal/signing.hpp"
#include "bridge/store/session_database.hpp"
#include "vestari/base/clock.hpp"
#include "vestari/crypto/curve.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::link {

using AdvSecret = crypto::SecretBytes<32, struct AdvSecretRole>;

struct CurvePair {
    crypto::CurvePrivateKey private_key;
    crypto::CurvePublicKey public_key; // without the type byte 05

    static CurvePair create(); // clamped
    static CurvePair of(crypto::CurvePrivateKey private_key);
};

// The one that was registered; later ones are the upkeep's.
struct SignedPreKeyOffer {
    std::uint32_t id = 0; // 1 to 2^24 - 1
    crypto::CurvePublicKey public_key{};
    signal::Signature signature{}; // by the identity over 05 ‖ public_key
};

struct DeviceSecrets {
    crypto::NoiseKeyPair noise;
    CurvePair identity;
    std::uint32_t registration_id; // 1 to 16380
    SignedPreKeyOffer signed_pre_key;
    AdvSecret adv_secret;

    signal::SigningIdentity signing() const noexcept {
        return {identity.private_key, identity.public_key};
    }
};

// None: this database has no device yet.
[[nodiscard]] Result<std::optional<DeviceSecrets>> load_device(store::SessionDatabase& database);

// The device of this database, made now if there is none. Durable when it returns.
[[nodiscard]] Result<DeviceSecrets> open_device(store::SessionDatabase& database,
                                                const Clock& clock);

// A pairing code ends in a new ADV secret: durable when it returns, and only then may the last step leave.
void replace_adv_secret(store::SessionDatabase& database, const AdvSecret& secret);

} // namespace vestari::link
