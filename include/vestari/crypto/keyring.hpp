// An account's keys: wrapped as the archive stores them, unwrapped as the program uses them.
//
//     account key = HKDF-SHA256(master key, salt = account salt, info = "vestari/1/account/" ‖ account id)
//     wrapped     = AES-256-GCM(account key, data key, AAD "wrap/1" ‖ account id (16) ‖ purpose (1) ‖ key version (4))
//
// Invariants  an AccountRecord holds nothing secret in the plain: whoever has it and not the master key has noise. An open
//             Keyring has at least one version of each of the six keys. The account key lives for the length of a call.
// Threads     a Keyring is immutable; share it freely.
// Errors      other_master_key (another id), account_keys_not_opened (same id, other bytes, or an altered record),
//             account_record_malformed (missing, doubled or impossible entries), unknown_key_version.
// Source      SETTLED section 1.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"
#include "vestari/crypto/identity.hpp"
#include "vestari/crypto/master_key.hpp"
#include "vestari/crypto/seal.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::crypto {

struct WrappedKey {
    Purpose purpose;
    std::uint32_t version; // from 1
    Bytes wrapped;         // 60 bytes
    bool operator==(const WrappedKey&) const = default;
};

// What the archive stores of an account. Deleting `keys` shreds the account.
struct AccountRecord {
    AccountId id{};
    std::array<std::byte, 32> salt{};
    std::string master_id; // which master key wraps
    std::vector<WrappedKey> keys;
    bool operator==(const AccountRecord&) const = default;
};

// A new account with version 1 of each key.
AccountRecord create_account(const MasterSecret& master);

// The same keys under another master key; the id and salt stay, nothing is sealed anew.
[[nodiscard]] Result<AccountRecord> rewrap(const AccountRecord& record, const MasterSecret& from,
                                           const MasterSecret& to);

// Adds a fresh newest version of one key and returns its number. Values under older versions still open.
[[nodiscard]] Result<std::uint32_t> rotate(AccountRecord& record, const MasterSecret& master,
                                           Purpose purpose);

class Keyring {
public:
    [[nodiscard]] static Result<Keyring> open(const MasterSecret& master,
                                              const AccountRecord& record);

    Keyring(Keyring&&) noexcept = default;
    Keyring& operator=(Keyring&&) noexcept = default;
    Keyring(const Keyring&) = delete;
    Keyring& operator=(const Keyring&) = delete;
    ~Keyring() = default;

    const AccountId& account() const noexcept { return account_; }

    // All versions; `duplicate` them into a Sealer.
    const KeyVersions<FieldKey>& field() const noexcept { return keys<FieldKey>(); }
    const KeyVersions<MediaKey>& media() const noexcept { return keys<MediaKey>(); }
    const KeyVersions<SessionKey>& session() const noexcept { return keys<SessionKey>(); }
    const KeyVersions<IndexKey>& index() const noexcept { return keys<IndexKey>(); }
    const KeyVersions<FingerprintKey>& fingerprint() const noexcept {
        return keys<FingerprintKey>();
    }
    const KeyVersions<PoolKey>& pool() const noexcept { return keys<PoolKey>(); }

    template <class Key> const KeyVersions<Key>& keys() const noexcept {
        return std::get<KeyVersions<Key>>(keys_);
    }
    template <class Key> const Key& newest() const noexcept { return keys<Key>().rbegin()->second; }
    template <class Key> std::uint32_t newest_version() const noexcept {
        return keys<Key>().rbegin()->first;
    }
    // Valid as long as the Keyring; never null.
    template <class Key> [[nodiscard]] Result<const Key*> version(std::uint32_t number) const {
        const auto found = keys<Key>().find(number);
        if (found == keys<Key>().end()) {
            return CryptoErrc::unknown_key_version;
        }
        return &found->second;
    }

private:
    Keyring() = default;
    void add(Purpose purpose, std::uint32_t version, std::span<const std::byte, 32> key);

    AccountId account_{};
    std::tuple<KeyVersions<FieldKey>, KeyVersions<MediaKey>, KeyVersions<SessionKey>,
               KeyVersions<IndexKey>, KeyVersions<FingerprintKey>, KeyVersions<PoolKey>>
        keys_;
};

} // namespace vestari::crypto
