// The key tree: golden wraps computed apart from this code (Python's cryptography), wrong master keys, altered records.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <tuple>

#include "vestari/crypto/keyring.hpp"

using namespace vestari;
using namespace vestari::crypto;

namespace {

MasterSecret master_of(unsigned char first, std::string id) {
    std::array<std::byte, 32> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::byte>(first + i);
    }
    return {.key = MasterKey::take(bytes), .id = std::move(id)};
}

template <std::size_t N> std::array<std::byte, N> counted(unsigned char from) {
    std::array<std::byte, N> bytes;
    for (std::size_t i = 0; i < N; ++i) {
        bytes[i] = static_cast<std::byte>(from + i);
    }
    return bytes;
}

// The keys of this record are 32 times 0x10 (field), 0x20 (media), … 0x60 (pool).
AccountRecord golden_record() {
    const auto wrapped = [](std::string_view text) { return from_hex(text).value(); };
    return {.id = counted<16>(0xa0),
            .salt = counted<32>(0x20),
            .master_id = "golden",
            .keys = {
                {Purpose::field, 1,
                 wrapped("0101010101010101010101010cb9c023c7a2e24aa5478a521b0d3d8576dc2237a562f5bd6"
                         "c61844057356c04bc7c48393b"
                         "a9016586417e7515c8e9ce")},
                {Purpose::media, 1,
                 wrapped("0202020202020202020202026a4543322fddded5128c67cc4333d3448a15e6b06e4d17153"
                         "41c5fc7da5ac7ae028fa8a273"
                         "7702a43ea5ee0730bfc00d")},
                {Purpose::session, 1,
                 wrapped("030303030303030303030303dec22e7dbb358527103aaf4180d1f15055562e5ca44e88af0"
                         "4f499e2f4d7077d5141e4710e"
                         "d259d368f82ac05d2427dd")},
                {Purpose::index, 1,
                 wrapped("040404040404040404040404ef3a0b6c563d32358dada0fb569b8b9538c83c1cc52bbd250"
                         "2e31c791bc19b1fdd603873b2"
                         "88db1993fd912606a1a0f2")},
                {Purpose::fingerprint, 1,
                 wrapped("050505050505050505050505cf3961a2779bd6ef167f249cef0c816358c1fbcff23ac5e48"
                         "4bd6e8d733a9de8cd756b45b7"
                         "0641758d0d423072c11998")},
                {Purpose::pool, 1,
                 wrapped("0606060606060606060606065f862ba986867318962aa4af47c2bbbbe0307ca62847bc615"
                         "2fe099ebc6752b997e73d6def"
                         "d8127685ba29e2b7dc929f")},
            }};
}

std::string all_keys(const Keyring& ring) {
    std::string text;
    const auto add = [&text](const auto& keys) {
        for (const auto& [version, key] : keys) {
            text += std::to_string(version) + ":" + to_hex(key.expose()) + " ";
        }
    };
    add(ring.field()), add(ring.media()), add(ring.session());
    add(ring.index()), add(ring.fingerprint()), add(ring.pool());
    return text;
}

} // namespace

TEST_CASE("keyring: opens the golden record") {
    const Result<Keyring> ring = Keyring::open(master_of(0, "golden"), golden_record());
    REQUIRE(ring.has_value());
    CHECK(to_hex(ring->newest<FieldKey>().expose()) == to_hex(Bytes(32, std::byte{0x10})));
    CHECK(to_hex(ring->newest<MediaKey>().expose()) == to_hex(Bytes(32, std::byte{0x20})));
    CHECK(to_hex(ring->newest<SessionKey>().expose()) == to_hex(Bytes(32, std::byte{0x30})));
    CHECK(to_hex(ring->newest<IndexKey>().expose()) == to_hex(Bytes(32, std::byte{0x40})));
    CHECK(to_hex(ring->newest<FingerprintKey>().expose()) == to_hex(Bytes(32, std::byte{0x50})));
    CHECK(to_hex(ring->newest<PoolKey>().expose()) == to_hex(Bytes(32, std::byte{0x60})));
    CHECK(ring->account() == golden_record().id);
}

TEST_CASE("keyring: a new account has six different keys, and no two accounts share one") {
    const MasterSecret master = master_of(0, "m");
    std::set<std::string> keys;
    for (int account = 0; account < 10; ++account) {
        const AccountRecord record = create_account(master);
        CHECK(record.master_id == "m");
        const Result<Keyring> ring = Keyring::open(master, record);
        REQUIRE(ring.has_value());
        std::apply([&](const auto&... key) { (keys.insert(to_hex(key.expose())), ...); },
                   std::tie(ring->newest<FieldKey>(), ring->newest<MediaKey>(),
                            ring->newest<SessionKey>(), ring->newest<IndexKey>(),
                            ring->newest<FingerprintKey>(), ring->newest<PoolKey>()));
    }
    CHECK(keys.size() == 60);
}

TEST_CASE("keyring: another id and another key under the same id are told apart") {
    const AccountRecord record = golden_record();
    CHECK(Keyring::open(master_of(0, "other"), record).error() == CryptoErrc::other_master_key);
    CHECK(Keyring::open(master_of(1, "golden"), record).error() ==
          CryptoErrc::account_keys_not_opened);
}

TEST_CASE("keyring: every flipped bit of a record is refused") {
    const MasterSecret master = master_of(0, "golden");
    const auto refused = [&master](const AccountRecord& record) {
        return Keyring::open(master, record).error() == CryptoErrc::account_keys_not_opened;
    };
    const auto flip = [](std::byte& byte, std::size_t bit) {
        byte ^= static_cast<std::byte>(1U << bit);
    };
    for (std::size_t bit = 0; bit < 8; ++bit) {
        for (std::size_t i = 0; i < 16; ++i) {
            AccountRecord record = golden_record();
            flip(record.id[i], bit);
            CHECK(refused(record));
        }
        for (std::size_t i = 0; i < 32; ++i) {
            AccountRecord record = golden_record();
            flip(record.salt[i], bit);
            CHECK(refused(record));
        }
        for (std::size_t key = 0; key < 6; ++key) {
            for (std::size_t i = 0; i < 60; ++i) {
                AccountRecord record = golden_record();
                flip(record.keys[key].wrapped[i], bit);
                CHECK(refused(record));
            }
        }
    }
}

TEST_CASE("keyring: a wrapped key opens for its own purpose, version and account only") {
    const MasterSecret master = master_of(0, "golden");
    for (std::size_t a = 0; a < 6; ++a) {
        for (std::size_t b = a + 1; b < 6; ++b) {
            AccountRecord record = golden_record();
            std::swap(record.keys[a].wrapped, record.keys[b].wrapped);
            CHECK(Keyring::open(master, record).error() == CryptoErrc::account_keys_not_opened);
        }
    }
    AccountRecord renumbered = golden_record();
    renumbered.keys[0].version = 2;
    CHECK(Keyring::open(master, renumbered).error() == CryptoErrc::account_keys_not_opened);
    AccountRecord mixed = create_account(master);
    mixed.keys[0].wrapped = golden_record().keys[0].wrapped;
    CHECK(Keyring::open(master, mixed).error() == CryptoErrc::account_keys_not_opened);
}

TEST_CASE("keyring: incomplete, doubled and impossible records are malformed") {
    const MasterSecret master = master_of(0, "golden");
    const auto malformed = [&master](auto change) {
        AccountRecord record = golden_record();
        change(record.keys);
        return Keyring::open(master, record).error() == CryptoErrc::account_record_malformed;
    };
    using Keys = std::vector<WrappedKey>;
    CHECK(malformed([](Keys& keys) { keys.clear(); })); // shredded
    CHECK(malformed([](Keys& keys) { keys.pop_back(); }));
    CHECK(malformed([](Keys& keys) { keys.push_back(keys[0]); }));
    CHECK(malformed([](Keys& keys) { keys[0].version = 0; }));
    CHECK(malformed([](Keys& keys) { keys[0].wrapped.pop_back(); }));
    CHECK(malformed([](Keys& keys) { keys[0].wrapped.clear(); }));
    CHECK(malformed([](Keys& keys) { keys[0].purpose = static_cast<Purpose>(9); }));
}

TEST_CASE("keyring: rewrapped under a new master key, the keys stay and the old master key opens "
          "nothing") {
    const MasterSecret before = master_of(0, "golden");
    const MasterSecret after = master_of(100, "next");
    const Result<AccountRecord> moved = rewrap(golden_record(), before, after);
    REQUIRE(moved.has_value());
    CHECK(moved->id == golden_record().id);
    CHECK(moved->master_id == "next");
    CHECK(all_keys(Keyring::open(after, *moved).value()) ==
          all_keys(Keyring::open(before, golden_record()).value()));
    CHECK(Keyring::open(before, *moved).error() == CryptoErrc::other_master_key);
    CHECK(Keyring::open(master_of(0, "next"), *moved).error() ==
          CryptoErrc::account_keys_not_opened);
    CHECK(rewrap(golden_record(), after, before).error() == CryptoErrc::other_master_key);
}

TEST_CASE("keyring: a rotated key is new, and what was sealed before still opens") {
    const MasterSecret master = master_of(0, "golden");
    AccountRecord record = golden_record();
    MemorySealCounter counter;
    const Cell cell{.table = "deal", .column = "notes", .row = as_bytes("1")};
    Sealer before{record.id, duplicate(Keyring::open(master, record).value().field()), counter};
    const Bytes sealed = before.seal(cell, "text");

    CHECK(rotate(record, master, Purpose::field).value() == 2);
    CHECK(rotate(record, master, Purpose::field).value() == 3);
    const Result<Keyring> ring = Keyring::open(master, record);
    REQUIRE(ring.has_value());
    CHECK(ring->newest_version<FieldKey>() == 3);
    CHECK(ring->newest_version<MediaKey>() == 1);
    CHECK(ring->version<FieldKey>(2).value() == &ring->field().at(2));
    CHECK(ring->version<FieldKey>(4).error() == CryptoErrc::unknown_key_version);
    Sealer after{record.id, duplicate(ring->field()), counter};
    CHECK(after.newest_version() == 3);
    CHECK(to_string(after.open(cell, sealed).value()) == "text");
    const Bytes newer = after.seal(cell, "text");
    CHECK(sealed_key_version(sealed) == 1);
    CHECK(sealed_key_version(newer) == 3);
    CHECK(before.open(cell, newer).error() == CryptoErrc::wrong_key_or_tampered);
    CHECK(rotate(record, master_of(1, "golden"), Purpose::pool).error() ==
          CryptoErrc::account_keys_not_opened);
}
