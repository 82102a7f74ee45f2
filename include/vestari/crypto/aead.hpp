// AES-256-GCM: nonce (12) ‖ ciphertext ‖ tag (16).
//
// Invariants  the nonce is made by the cipher itself for each seal (12 random bytes) and is never an argument; plaintext is
//             handed out only after the tag was verified, and is wiped otherwise; no key stays in a context after the call.
// Limits      2^32 seals with one key; `Sealer` (seal.hpp) keeps far below. At most `max_aead_bytes` in one value.
// Threads     any, each with a context of its own.
// Errors      aead_open: CryptoErrc::wrong_key_or_tampered for every cause. A failing OpenSSL throws std::runtime_error.
// Source      FIPS 197, SP 800-38D; OpenSSL EVP_EncryptInit(3) "provider generates the IV".
#pragma once

#include <cstddef>
#include <span>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"

namespace vestari::crypto {

inline constexpr std::size_t aead_key_bytes = 32;
inline constexpr std::size_t aead_nonce_bytes = 12;
inline constexpr std::size_t aead_tag_bytes = 16;
inline constexpr std::size_t aead_overhead = aead_nonce_bytes + aead_tag_bytes;
inline constexpr std::size_t max_aead_bytes = std::size_t{1} << 30U;

using AeadKeyView = std::span<const std::byte, aead_key_bytes>;

Bytes aead_seal(AeadKeyView key, BytesView plain, BytesView aad);
// `out` has plain.size() + aead_overhead bytes and does not overlap `plain`.
void aead_seal_into(AeadKeyView key, BytesView plain, BytesView aad, std::span<std::byte> out);

[[nodiscard]] Result<Bytes> aead_open(AeadKeyView key, BytesView sealed, BytesView aad);
// `out` has sealed.size() - aead_overhead bytes (any other size is refused as tampered) and does not overlap `sealed`.
[[nodiscard]] Result<> aead_open_into(AeadKeyView key, BytesView sealed, BytesView aad,
                                      std::span<std::byte> out);

} // namespace vestari::crypto
