// The nonces of one key and one direction: eight zero bytes, then a number of 32 bits, big-endian, counting from 0.
//
// Invariants  no nonce is given twice: after 2^32 of them there is none.
// Threads     one owner.
// Errors      CryptoErrc::nonces_used_up.
// Source      wire/10-connection.md section 4.1 and 4.4.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "vestari/base/result.hpp"
#include "vestari/crypto/error.hpp"

namespace vestari::crypto {

using Nonce = std::array<std::byte, 12>;

class NonceCounter {
public:
    explicit NonceCounter(std::uint32_t first = 0) noexcept : next_{first} {}
    NonceCounter(const NonceCounter&) =
        delete; // two counters over one key would give one nonce twice
    NonceCounter& operator=(const NonceCounter&) = delete;
    NonceCounter(NonceCounter&& other) noexcept : next_{other.next_} { other.next_ = end; }
    NonceCounter& operator=(NonceCounter&& other) noexcept {
        next_ = other.next_;
        other.next_ = end;
        return *this;
    }
    ~NonceCounter() = default;

    [[nodiscard]] Result<Nonce> next() noexcept {
        if (next_ == end) {
            return CryptoErrc::nonces_used_up;
        }
        Nonce nonce{};
        for (std::size_t i = 0; i < 4; ++i) {
            nonce[8 + i] = static_cast<std::byte>((next_ >> (24U - 8U * i)) & 0xffU);
        }
        ++next_;
        return nonce;
    }

private:
    static constexpr std::uint64_t end = std::uint64_t{1} << 32U;
    std::uint64_t next_;
};

} // namespace vestari::crypto
