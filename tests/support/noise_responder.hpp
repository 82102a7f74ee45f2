// The service's side of the Noise handshake, with a root of its own and certificates that are right or wrong in one chosen way.
//
// Invariants  everything follows from the seeds: two responders of one seed answer one client alike, byte for byte.
// Threads     one owner each.
// Errors      noise::NoiseErrc, as the client's side.
// Source      wire/10-connection.md sections 2.2, 4.1, 4.2, 4.6.
#pragma once

#include <cstdint>
#include <optional>

#include "bridge/noise/certificate.hpp"
#include "bridge/noise/symmetric_state.hpp"
#include "vestari/base/bytes.hpp"
#include "vestari/base/clock.hpp"
#include "vestari/base/result.hpp"
#include "vestari/crypto/curve.hpp"

namespace vestari::test {

enum class ChainFault {
    none,
    garbage, // no protobuf at all
    no_leaf,
    no_intermediate,
    no_leaf_signature,
    short_intermediate_signature,
    intermediate_signature,  // one bit of it
    intermediate_other_root, // signed by a root that is not the one trusted
    intermediate_issuer,     // names serial 1 as its issuer
    intermediate_short_key,
    leaf_signature,
    leaf_signed_by_root,
    leaf_issuer,
    leaf_other_key,
    leaf_details_garbage, // well signed
    leaf_expired,
    leaf_not_yet,
    leaf_without_end,
    intermediate_expired,
    intermediate_not_yet,
};
inline constexpr ChainFault last_chain_fault = ChainFault::intermediate_not_yet;

// A root and an intermediate. Chains are valid from a day before `now` to a day after it.
class NoiseAuthority {
public:
    explicit NoiseAuthority(std::uint64_t seed);
    const noise::RootKey& root_key() const noexcept { return root_.public_key; }
    Bytes chain_for(const crypto::CurvePublicKey& server, TimePoint now,
                    ChainFault fault = ChainFault::none) const;

private:
    std::uint64_t seed_;
    crypto::NoiseKeyPair root_;
    crypto::NoiseKeyPair intermediate_;
};

// What a client sends before its first frame. Empty: more bytes are needed.
struct Introduction {
    std::size_t length;   // of prefix and introduction together
    std::string prologue; // as it came: clients of 2025 still say dictionary version 2
    Bytes routing_info;
};
[[nodiscard]] Result<std::optional<Introduction>> read_introduction(BytesView bytes);

class NoiseResponder {
public:
    // Keeps a reference to the authority.
    NoiseResponder(const NoiseAuthority& authority, std::uint64_t seed,
                   std::string_view prologue = noise::introduction);

    // Frames come without their length; what goes back has it.
    [[nodiscard]] Result<Bytes> hello(BytesView client_hello, TimePoint now,
                                      ChainFault fault = ChainFault::none);
    [[nodiscard]] Result<Bytes> finish(BytesView client_finish); // the client's payload

    // After finish().
    const crypto::CurvePublicKey& client_key() const noexcept { return client_key_; }
    Bytes seal(BytesView plain);
    [[nodiscard]] Result<Bytes> open(BytesView frame);

private:
    const NoiseAuthority& authority_;
    crypto::NoiseKeyPair static_;
    crypto::NoiseKeyPair ephemeral_;
    noise::SymmetricState state_;
    crypto::CurvePublicKey client_key_{};
    std::optional<crypto::CountedCipher> sealing_;
    std::optional<crypto::CountedCipher> opening_;
};

// Derived from seed and name: always the same, and nobody's.
crypto::NoiseKeyPair noise_key_of(std::uint64_t seed, std::string_view name);

} // namespace vestari::test
