// Random bytes from OpenSSL's generator.
//
// Invariants  the result of the generator is checked: a buffer that came back is random to the last byte.
// Errors      throws boost::system::system_error(CryptoErrc::random_failed): without randomness nothing of ours is safe.
// Threads     any.
// Source      SP 800-90A; OpenSSL RAND_bytes(3), RAND_priv_bytes(3).
#pragma once

#include <cstddef>
#include <span>

namespace vestari::crypto {

void fill_random(std::span<std::byte> out); // what may become public: identifiers, salts

void fill_random_private(
    std::span<std::byte> out); // keys: from the generator that never feeds public values

} // namespace vestari::crypto
