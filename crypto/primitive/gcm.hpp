// Opening AES-GCM with a key and nonce of any length that OpenSSL takes. Behind aead.hpp, which takes one shape only; tests
// reach it to run published vectors of the other shapes. There is no sealing with a given nonce, on purpose.
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

} // namespace vestari::crypto::gcm
