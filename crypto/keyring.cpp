#include "vestari/crypto/keyring.hpp"

#include <algorithm>
#include <set>

#include "vestari/base/check.hpp"
#include "vestari/crypto/aead.hpp"
#include "vestari/crypto/hash.hpp"
#include "vestari/crypto/random.hpp"

namespace vestari::crypto {

namespace {

constexpr Purpose purposes[] = {Purpose::field, Purpose::media,       Purpose::session,
                                Purpose::index, Purpose::fingerprint, Purpose::pool};
constexpr std::size_t wrapped_bytes = 32 + aead_overhead;

using DataKey =
    SecretBytes<32, struct DataKeyRole>; // of any purpose, on its way between wrapped and typed

struct UnwrappedKey {
    Purpose purpose;
    std::uint32_t version;
    DataKey key;
};

AccountKey account_key(const MasterSecret& master, const AccountRecord& record) {
    Bytes info = to_bytes("vestari/1/account/");
    append(info, record.id);
    return AccountKey::made_by([&](std::span<std::byte, 32> out) {
        const Result<> derived =
            hkdf_sha256(master.key.expose(), record.salt, info, std::span<std::byte>{out});
        VESTARI_CHECK(derived.has_value()); // 32 bytes are never too many
    });
}

Bytes wrap_aad(const AccountId& account, Purpose purpose, std::uint32_t version) {
    Bytes aad = to_bytes("wrap/1");
    append(aad, account);
    aad.push_back(static_cast<std::byte>(purpose));
    append_be32(aad, version);
    return aad;
}

WrappedKey wrap(const AccountKey& under, const AccountId& account, Purpose purpose,
                std::uint32_t version, const DataKey& key) {
    return {.purpose = purpose,
            .version = version,
            .wrapped =
                aead_seal(under.expose(), key.expose(), wrap_aad(account, purpose, version))};
}

bool is_purpose(Purpose purpose) {
    return std::ranges::find(purposes, purpose) != std::end(purposes);
}

// Every entry possible, none doubled, no purpose missing.
bool well_formed(const AccountRecord& record) {
    std::set<std::pair<Purpose, std::uint32_t>> seen;
    std::set<Purpose> present;
    for (const WrappedKey& key : record.keys) {
        if (!is_purpose(key.purpose) || key.version == 0 || key.wrapped.size() != wrapped_bytes ||
            !seen.emplace(key.purpose, key.version).second) {
            return false;
        }
        present.insert(key.purpose);
    }
    return present.size() == std::size(purposes);
}

Result<std::vector<UnwrappedKey>> unwrap_all(const MasterSecret& master,
                                             const AccountRecord& record) {
    if (record.master_id != master.id) {
        return CryptoErrc::other_master_key;
    }
    if (!well_formed(record)) {
        return CryptoErrc::account_record_malformed;
    }
    const AccountKey under = account_key(master, record);
    std::vector<UnwrappedKey> keys;
    for (const WrappedKey& entry : record.keys) {
        Result<> opened;
        DataKey key = DataKey::made_by([&](std::span<std::byte, 32> out) {
            opened = aead_open_into(under.expose(), entry.wrapped,
                                    wrap_aad(record.id, entry.purpose, entry.version), out);
        });
        if (!opened) {
            return CryptoErrc::account_keys_not_opened;
        }
        keys.push_back({entry.purpose, entry.version, std::move(key)});
    }
    return keys;
}

} // namespace

AccountRecord create_account(const MasterSecret& master) {
    AccountRecord record;
    fill_random(record.id);
    fill_random(record.salt);
    record.master_id = master.id;
    const AccountKey under = account_key(master, record);
    for (const Purpose purpose : purposes) {
        record.keys.push_back(wrap(under, record.id, purpose, 1, DataKey::random()));
    }
    return record;
}

Result<AccountRecord> rewrap(const AccountRecord& record, const MasterSecret& from,
                             const MasterSecret& to) {
    const Result<std::vector<UnwrappedKey>> keys = unwrap_all(from, record);
    if (!keys) {
        return keys.error();
    }
    AccountRecord moved{.id = record.id, .salt = record.salt, .master_id = to.id, .keys = {}};
    const AccountKey under = account_key(to, moved);
    for (const UnwrappedKey& key : *keys) {
        moved.keys.push_back(wrap(under, moved.id, key.purpose, key.version, key.key));
    }
    return moved;
}

Result<std::uint32_t> rotate(AccountRecord& record, const MasterSecret& master, Purpose purpose) {
    VESTARI_CHECK(is_purpose(purpose));
    const Result<std::vector<UnwrappedKey>> keys = unwrap_all(master, record);
    if (!keys) {
        return keys.error();
    }
    std::uint32_t newest = 0;
    for (const UnwrappedKey& key : *keys) {
        newest = key.purpose == purpose ? std::max(newest, key.version) : newest;
    }
    if (newest == std::numeric_limits<std::uint32_t>::max()) {
        return CryptoErrc::account_record_malformed;
    }
    record.keys.push_back(
        wrap(account_key(master, record), record.id, purpose, newest + 1, DataKey::random()));
    return newest + 1;
}

void Keyring::add(Purpose purpose, std::uint32_t version, std::span<const std::byte, 32> key) {
    const auto into = [&]<class Key>(KeyVersions<Key>& keys) {
        if (purpose == purpose_of<Key>) {
            keys.emplace(version, Key::made_by([key](std::span<std::byte, 32> to) {
                             std::ranges::copy(key, to.begin());
                         }));
        }
    };
    std::apply([&](auto&... keys) { (into(keys), ...); }, keys_);
}

Result<Keyring> Keyring::open(const MasterSecret& master, const AccountRecord& record) {
    const Result<std::vector<UnwrappedKey>> keys = unwrap_all(master, record);
    if (!keys) {
        return keys.error();
    }
    Keyring ring;
    ring.account_ = record.id;
    for (const UnwrappedKey& key : *keys) {
        ring.add(key.purpose, key.version, key.key.expose());
    }
    return ring;
}

} // namespace vestari::crypto
