// Curve25519: key agreement, Ed25519 and XEdDSA signature checks on libsodium. Nothing here signs.
//
// Invariants  a check is strict: s at or above the group order, points of low order and keys or signatures of a wrong length
//             are refused. Canonical signatures get the verdict that libsignal gives.
// Threads     any; an XeddsaVerifier is immutable.
// Errors      x25519: CryptoErrc::weak_public_key when the shared secret would be zero. Checks answer true or false.
// Source      RFC 7748, RFC 8032, XEdDSA revision 1 section 2.3; SETTLED section 10.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::crypto {

using CurvePrivateKey =
    SecretBytes<32, struct CurvePrivateKeyRole>; // any 32 bytes: clamped by the operation
using SharedSecret = SecretBytes<32, struct SharedSecretRole>;
using CurvePublicKey = std::array<std::byte, 32>; // Montgomery u, little-endian

CurvePublicKey x25519_public(const CurvePrivateKey& own);
[[nodiscard]] Result<SharedSecret> x25519(const CurvePrivateKey& own,
                                          std::span<const std::byte, 32> theirs);

// The key that proves who a device is when it connects, and the one it makes for a single connection. A type of its own, so that
// a Signal key can never be used where the transport's belongs.
using NoisePrivateKey = SecretBytes<32, struct NoisePrivateKeyRole>;

struct NoiseKeyPair {
    static NoiseKeyPair generate();
    static NoiseKeyPair of(NoisePrivateKey own);

    NoisePrivateKey private_key;
    CurvePublicKey public_key;
};

[[nodiscard]] Result<SharedSecret> x25519(const NoisePrivateKey& own,
                                          std::span<const std::byte, 32> theirs);

[[nodiscard]] bool ed25519_verify(BytesView key, BytesView message, BytesView signature);

// A signing key given as a Montgomery point, as Signal's are (without the type byte 05). Converted once, then checks cost
// what an Ed25519 check costs: keep one per signing key.
class XeddsaVerifier {
public:
    explicit XeddsaVerifier(std::span<const std::byte, 32> montgomery_key);
    [[nodiscard]] bool verify(BytesView message, BytesView signature) const;

private:
    std::array<std::array<unsigned char, 32>, 2>
        edwards_; // by the sign bit that the signature's last byte carries
};

[[nodiscard]] bool xeddsa_verify(BytesView montgomery_key, BytesView message, BytesView signature);

} // namespace vestari::crypto
