// The arithmetic of linking by code: which key comes from what. pair_code.hpp has the order of the steps. For bridge/link only.
//
// Invariants  every secret is a SecretBytes from the line on which it exists.
// Threads     free functions without state.
// Errors      LinkErrc::weak_key.
// Source      wire/10-connection.md section 7.9. Vectors: pair_code.json.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "bridge/link/device.hpp"
#include "vestari/base/result.hpp"

namespace vestari::link {

using CodeKey = crypto::SecretBytes<32, struct CodeKeyRole>;
using AdvRandom = crypto::SecretBytes<32, struct AdvRandomRole>;
using WrappedKey = std::array<std::byte, 80>; // salt 32 ‖ iv 16 ‖ key 32
using KeyBundle = std::array<std::byte, 156>; // salt 32 ‖ nonce 12 ‖ three keys 96 ‖ tag 16

std::string code_text(std::span<const std::byte, 5> random); // eight characters

CodeKey code_key(std::string_view code, std::span<const std::byte, 32> salt);
WrappedKey wrap(std::string_view code, std::span<const std::byte, 48> salt_and_iv,
                const crypto::CurvePublicKey& key);
crypto::CurvePublicKey unwrap(std::string_view code, std::span<const std::byte, 80> wrapped);

struct SharedSecrets {
    crypto::SharedSecret ephemeral; // S1
    crypto::SharedSecret identity;  // S2
};
[[nodiscard]] Result<SharedSecrets> agree(const CurvePair& own_ephemeral,
                                          const crypto::CurvePublicKey& their_ephemeral,
                                          const CurvePair& own_identity,
                                          const crypto::CurvePublicKey& their_identity);

CodeKey bundle_key(const SharedSecrets& shared, std::span<const std::byte, 32> salt);
KeyBundle seal_bundle(const SharedSecrets& shared, const crypto::CurvePublicKey& own_identity,
                      const crypto::CurvePublicKey& their_identity, const AdvRandom& random);
AdvSecret adv_secret(const SharedSecrets& shared, const AdvRandom& random);

} // namespace vestari::link
