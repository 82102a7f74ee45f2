// SHA-256, HMAC-SHA-256 and HKDF-SHA-256 on OpenSSL.
//
// Invariants  no key stays in a context after the call (Hmac: after its destruction).
// Threads     the free functions: any thread, each with contexts of its own. Sha256, Hmac: one owner.
// Errors      hkdf_sha256: CryptoErrc::output_too_long above 255 × 32 bytes. A failing OpenSSL throws std::runtime_error.
// Source      FIPS 180-4, FIPS 198-1, RFC 5869.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"

namespace vestari::crypto {

using Digest = std::array<std::byte, 32>;

Digest sha256(BytesView data);
Digest hmac_sha256(BytesView key, BytesView data);
Digest hmac_sha256(BytesView key,
                   std::initializer_list<BytesView> parts); // over the parts one after the other

inline constexpr std::size_t max_hkdf_bytes = std::size_t{255} * 32;
[[nodiscard]] Result<Bytes> hkdf_sha256(BytesView ikm, BytesView salt, BytesView info,
                                        std::size_t length);
[[nodiscard]] Result<> hkdf_sha256(BytesView ikm, BytesView salt, BytesView info,
                                   std::span<std::byte> out);

// Equal, in time that depends on the lengths only. For tags, fingerprints and keys.
[[nodiscard]] bool constant_time_equal(BytesView a, BytesView b) noexcept;

class Sha256 {
public:
    Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    ~Sha256();
    void update(BytesView data);
    Digest finish(); // and starts anew

private:
    struct State;
    std::unique_ptr<State> state_;
};

class Hmac {
public:
    explicit Hmac(BytesView key);
    Hmac(Hmac&&) noexcept;
    Hmac& operator=(Hmac&&) noexcept;
    ~Hmac();
    void update(BytesView data);
    Digest finish(); // and starts anew with the same key

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace vestari::crypto
