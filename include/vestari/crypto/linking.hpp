// Three primitives that only linking a device needs: PBKDF2, AES-256-CTR and MD5. Nothing else may use them.
//
// Invariants  no key stays in a context after the call. MD5 names a version for the service and protects nothing.
// Threads     any.
// Errors      a failing OpenSSL throws std::runtime_error.
// Source      RFC 8018, SP 800-38A, RFC 1321; wire/10-connection.md sections 7.4 and 7.9.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "vestari/base/bytes.hpp"

namespace vestari::crypto {

// PBKDF2 with HMAC-SHA-256.
void pbkdf2_sha256(BytesView password, BytesView salt, std::uint32_t iterations,
                   std::span<std::byte> out);

// Encrypts and decrypts; not authenticated. `out` is as long as `in`.
void aes_256_ctr(std::span<const std::byte, 32> key, std::span<const std::byte, 16> iv,
                 BytesView in, std::span<std::byte> out);

std::array<std::byte, 16> md5(BytesView data);

} // namespace vestari::crypto
