// Secrets that wipe themselves, live in locked memory, and cannot be copied, printed or mistaken for one another.
//
// Invariants  the bytes stand in one slot of the arena (mapped apart, mlocked, excluded from core dumps, guard pages around it)
//             from birth to death; a move hands the slot over, so no second copy ever exists; a slot is wiped before it is
//             given back. The Role makes keys of two purposes two types.
// Threads     a secret has one owner; the arena is shared and locked inside. A fork inherits the bytes but not the lock: fork
//             only to exec.
// Errors      making a secret throws boost::system::system_error when memory cannot be locked (raise LimitMEMLOCK). `from`:
//             CryptoErrc::wrong_key_length.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>

#include "vestari/base/bytes.hpp"
#include "vestari/base/check.hpp"
#include "vestari/crypto/error.hpp"
#include "vestari/crypto/random.hpp"

namespace vestari::crypto {

// Overwrites bytes in a way that the compiler may not leave out. For buffers that held a secret.
void wipe(std::span<std::byte> bytes) noexcept;
void wipe(Bytes& bytes) noexcept;      // and empties it
void wipe(std::string& text) noexcept; // and empties it

namespace detail {
inline constexpr std::size_t slot_bytes = 64;
std::byte* take_slot(); // slot_bytes of zeros
struct ReturnSlot {
    void operator()(std::byte* slot) const noexcept; // wipes
};
} // namespace detail

template <std::size_t N, class Role> class SecretBytes {
    static_assert(N > 0 && N <= detail::slot_bytes);

public:
    static constexpr std::size_t size = N;

    // Takes the bytes over: the source is wiped.
    static SecretBytes take(std::span<std::byte, N> from) {
        struct WipeAtEnd {
            std::span<std::byte> bytes;
            ~WipeAtEnd() { wipe(bytes); }
        } const source{from};
        return made_by([from](std::span<std::byte, N> to) { std::ranges::copy(from, to.begin()); });
    }

    // A copy of bytes whose length the outside chose. The source stays; wiping it is the caller's business.
    [[nodiscard]] static Result<SecretBytes> from(BytesView bytes) {
        if (bytes.size() != N) {
            return CryptoErrc::wrong_key_length;
        }
        return made_by(
            [bytes](std::span<std::byte, N> to) { std::ranges::copy(bytes, to.begin()); });
    }

    static SecretBytes random() {
        return made_by([](std::span<std::byte, N> to) { fill_random_private(to); });
    }

    // A secret written in place by `fill`, so that it never stands anywhere else.
    template <std::invocable<std::span<std::byte, N>> Fill>
    static SecretBytes made_by(Fill&& fill) {
        SecretBytes secret;
        secret.slot_.reset(detail::take_slot());
        std::forward<Fill>(fill)(std::span<std::byte, N>{secret.slot_.get(), N});
        return secret;
    }

    SecretBytes(SecretBytes&&) noexcept = default;            // the source is empty afterwards
    SecretBytes& operator=(SecretBytes&&) noexcept = default; // the overwritten secret is wiped
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes() = default;

    // The one way to the bytes; valid as long as this secret. grep `expose(` to review every use.
    std::span<const std::byte, N> expose() const noexcept {
        VESTARI_CHECK(slot_ != nullptr); // moved from
        return std::span<const std::byte, N>{slot_.get(), N};
    }

    SecretBytes duplicate() const {
        return made_by(
            [this](std::span<std::byte, N> to) { std::ranges::copy(expose(), to.begin()); });
    }

private:
    SecretBytes() = default;
    std::unique_ptr<std::byte, detail::ReturnSlot> slot_;
};

using MasterKey = SecretBytes<32, struct MasterKeyRole>;
using AccountKey = SecretBytes<32, struct AccountKeyRole>;
using FieldKey = SecretBytes<32, struct FieldKeyRole>;
using MediaKey = SecretBytes<32, struct MediaKeyRole>;
using SessionKey = SecretBytes<32, struct SessionKeyRole>;
using IndexKey = SecretBytes<32, struct IndexKeyRole>;
using FingerprintKey = SecretBytes<32, struct FingerprintKeyRole>;
using PoolKey = SecretBytes<32, struct PoolKeyRole>;

} // namespace vestari::crypto
