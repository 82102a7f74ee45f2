// The two things that this device's identity key ever signs: a signed pre-key, and the account's word about this device while it is
// linked. A library of its own, so that the room that decrypts still links nothing that signs.
//
// Invariants  there is no way to sign other bytes: each function builds the signed message itself. 64 bytes of fresh randomness go
//             into each signature, so two of the same message differ.
// Threads     any; each call has a context of its own.
// Errors      throws std::runtime_error when the library fails: keys of the right length only fail for want of memory.
// Source      wire/10-connection.md sections 3 (XEdDSA), 7.1 (eSkeySig) and 7.8 step 8.
#pragma once

#include <array>
#include <span>

#include "vestari/base/bytes.hpp"
#include "vestari/crypto/curve.hpp"

namespace vestari::signal {

using Signature = std::array<std::byte, 64>; // XEdDSA

struct SigningIdentity {
    const crypto::CurvePrivateKey& private_key;
    const crypto::CurvePublicKey& public_key;
};

// Over 05 ‖ pre-key.
Signature sign_pre_key(const SigningIdentity& identity, const crypto::CurvePublicKey& pre_key);

// Over 06 01 ‖ details ‖ own identity ‖ the account's key.
Signature sign_device(const SigningIdentity& identity, BytesView details,
                      std::span<const std::byte, 32> account_key);

} // namespace vestari::signal
