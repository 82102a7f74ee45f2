// AES-GCM with the nonce as an argument: behind aead.hpp and counted_cipher.hpp, which take one shape only and never a caller's
// nonce. Opening takes keys and nonces of any length that OpenSSL takes; tests reach it to run published vectors of the other
// shapes. Sealing with a given nonce has one caller, the CountedCipher, whose nonces are a counter.
#pragma once

#include <openssl/evp.h>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"

namespace vestari::crypto::gcm {

struct Input {
    BytesView key; // as long as the cipher's
    BytesView nonce;
    BytesView aad;
    BytesView ciphertext;
    std::span<const std::byte, 16> tag;
};

// `plain` is as long as the ciphertext; wiped on failure. CryptoErrc::wrong_key_or_tampered for every cause.
[[nodiscard]] Result<> open(const EVP_CIPHER* cipher, const Input& input,
                            std::span<std::byte> plain);

// `out` has plain.size() + 16 bytes (ciphertext, tag) and does not overlap `plain`.
void seal(std::span<const std::byte, 32> key, std::span<const std::byte, 12> nonce, BytesView aad,
          BytesView plain, std::span<std::byte> out);

} // namespace vestari::crypto::gcm
