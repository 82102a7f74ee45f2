// Sealed values: how every sensitive cell rests, in the archive, the spool, the session database and upstream.
//
//     01 ‖ key version (4, big endian) ‖ nonce (12) ‖ ciphertext ‖ tag (16)
//     associated data: "seal/1" ‖ 0 ‖ lp(account id) ‖ lp(table) ‖ lp(column) ‖ lp(row id) ‖ purpose (1) ‖ key version (4)
//     lp(x) = length (2, big endian) ‖ x
//
// Invariants  a value opens only in the account, table, column, row, purpose and key version that it was sealed for; seals use
//             the newest key; the number of seals per key is counted durably before they are made and stops at `seal_limit`.
// Threads     a Sealer: any. A SealCounter is called under the Sealer's lock, by one thread at a time.
// Errors      open: CryptoErrc::wrong_key_or_tampered for every cause. seal throws boost::system::system_error with
//             CryptoErrc::seal_limit when the key has made 2^31 seals, and whatever the counter throws.
// Source      SETTLED sections 1 and 2.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"
#include "vestari/crypto/identity.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::crypto {

// The number stands in the associated data of seals and wraps: never change one.
enum class Purpose : std::uint8_t { field = 1, media, session, index, fingerprint, pool };
std::string_view to_string(Purpose purpose) noexcept;

template <class Key> inline constexpr Purpose purpose_of = Purpose{};
template <> inline constexpr Purpose purpose_of<FieldKey> = Purpose::field;
template <> inline constexpr Purpose purpose_of<MediaKey> = Purpose::media;
template <> inline constexpr Purpose purpose_of<SessionKey> = Purpose::session;
template <> inline constexpr Purpose purpose_of<IndexKey> = Purpose::index;
template <> inline constexpr Purpose purpose_of<FingerprintKey> = Purpose::fingerprint;
template <> inline constexpr Purpose purpose_of<PoolKey> = Purpose::pool;

template <class Key>
concept SealingKey =
    std::same_as<Key, FieldKey> || std::same_as<Key, MediaKey> || std::same_as<Key, SessionKey>;

// The versions of one account's key for one purpose; versions count from 1.
template <class Key> using KeyVersions = std::map<std::uint32_t, Key>;

template <class Key> KeyVersions<Key> duplicate(const KeyVersions<Key>& keys) {
    KeyVersions<Key> copy;
    for (const auto& [version, key] : keys) {
        copy.emplace(version, key.duplicate());
    }
    return copy;
}

inline constexpr std::uint64_t rotate_seals_at = std::uint64_t{1} << 28U;
inline constexpr std::uint64_t stop_seals_at = std::uint64_t{1} << 31U;
inline constexpr std::uint64_t seal_block = std::uint64_t{1} << 16U;

// Counts seals per key, durably and ahead: a crash overcounts, never undercounts.
class SealCounter {
public:
    SealCounter() = default;
    SealCounter(const SealCounter&) = delete;
    SealCounter& operator=(const SealCounter&) = delete;
    virtual ~SealCounter() = default;
    // Adds `block` to the number of seals that this key may have made, durably, and returns the new number. May run inside the
    // caller's transaction: a reservation that was rolled back is made again by the next one (Sealer::rolled_back).
    virtual std::uint64_t reserve(Purpose purpose, std::uint32_t key_version,
                                  std::uint64_t block) = 0;
};

// For tests and for stores that do not outlive the process.
class MemorySealCounter final : public SealCounter {
public:
    std::uint64_t reserve(Purpose purpose, std::uint32_t key_version,
                          std::uint64_t block) override {
        return counts_[{purpose, key_version}] += block;
    }

private:
    std::map<std::pair<Purpose, std::uint32_t>, std::uint64_t> counts_;
};

// Where a sealed value lives. Valid for the call.
struct Cell {
    std::string_view table;
    std::string_view column;
    BytesView row; // the row's id, whatever names the row for good; at most 65,535 bytes
};

inline constexpr std::size_t seal_overhead = 1 + 4 + 12 + 16;

class Sealer {
public:
    // `keys` holds at least one version. `counter` outlives the Sealer.
    template <SealingKey Key>
    Sealer(const AccountId& account, const KeyVersions<Key>& keys, SealCounter& counter)
        : Sealer{account, purpose_of<Key>, counter} {
        for (const auto& [version, key] : keys) {
            add(version, key.expose());
        }
        VESTARI_CHECK(!keys_.empty());
    }

    Bytes seal(const Cell& cell, BytesView plain);
    Bytes seal(const Cell& cell, std::string_view plain) { return seal(cell, as_bytes(plain)); }
    [[nodiscard]] Result<Bytes> open(const Cell& cell, BytesView sealed) const;

    // The transaction that seals and their reservation stood in was rolled back: the next seal reserves again, so that no
    // later commit rests on a block that the disk does not know.
    void rolled_back() noexcept;

    const AccountId& account() const noexcept { return account_; }
    Purpose purpose() const noexcept { return purpose_; }
    std::uint32_t newest_version() const noexcept { return keys_.rbegin()->first; }
    std::uint64_t opened() const noexcept {
        return use_->opened.load(std::memory_order_relaxed);
    } // values, for the audit
    std::uint64_t sealed() const noexcept { return use_->sealed.load(std::memory_order_relaxed); }

    // The newest key has made so many seals that a new version is due. Known after the first seal.
    bool rotation_due() const noexcept {
        return use_->counted.load(std::memory_order_relaxed) >= rotate_seals_at;
    }

private:
    using AnyKey = SecretBytes<32, Sealer>;
    struct Use {
        std::mutex lock;
        std::uint64_t left = 0; // of the current block; under the lock
        std::uint64_t reserved =
            0; // what the counter last said, or should have said; under the lock
        std::atomic<std::uint64_t> counted = 0;
        std::atomic<std::uint64_t> sealed = 0;
        std::atomic<std::uint64_t> opened = 0;
    };

    Sealer(const AccountId& account, Purpose purpose, SealCounter& counter);
    void add(std::uint32_t version, std::span<const std::byte, 32> key);
    void count_one();
    void reserve_block(); // under the lock
    Bytes associated_data(const Cell& cell, std::uint32_t version) const;

    AccountId account_;
    Purpose purpose_;
    SealCounter* counter_; // never null
    std::map<std::uint32_t, AnyKey> keys_;
    std::unique_ptr<Use> use_;
};

// Which key version a sealed value names, unauthenticated: for the job that re-seals after a rotation. 0 when it is no sealed value.
std::uint32_t sealed_key_version(BytesView sealed) noexcept;

} // namespace vestari::crypto
