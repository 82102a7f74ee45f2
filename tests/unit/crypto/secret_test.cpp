// Secrets in memory: locked, left out of dumps, gone when destroyed. The process searches its own memory for them.
#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "tests/unit/crypto/memory_search.hpp"
#include "vestari/crypto/aead.hpp"
#include "vestari/crypto/blind_index.hpp"
#include "vestari/crypto/curve.hpp"
#include "vestari/crypto/fingerprint.hpp"
#include "vestari/crypto/hash.hpp"
#include "vestari/crypto/keyring.hpp"
#include "vestari/crypto/seal.hpp"

using namespace vestari;
using namespace vestari::crypto;
using namespace vestari::memory_search;

template <class T>
concept Streamable = requires(std::ostream& to, const T& value) { to << value; };
template <class T>
concept Comparable = requires(const T& a, const T& b) { a == b; };

static_assert(!std::is_copy_constructible_v<FieldKey> && !std::is_copy_assignable_v<FieldKey>);
static_assert(!std::is_default_constructible_v<FieldKey>);
static_assert(std::is_nothrow_move_constructible_v<FieldKey> &&
              std::is_nothrow_move_assignable_v<FieldKey>);
static_assert(!fmt::is_formattable<FieldKey>::value && !fmt::is_formattable<MasterSecret>::value);
static_assert(!Streamable<FieldKey> && !Streamable<MasterSecret> && !Comparable<FieldKey>);
static_assert(!std::is_convertible_v<FieldKey, SessionKey> &&
              !std::is_constructible_v<FieldKey, SessionKey>);
static_assert(!std::is_convertible_v<FieldKey, BytesView> &&
              !std::is_convertible_v<FieldKey, std::string>);
static_assert(!std::is_constructible_v<std::string, FieldKey> &&
              !std::is_constructible_v<Bytes, FieldKey>);
static_assert(!std::is_copy_constructible_v<Keyring> && !std::is_copy_constructible_v<Sealer> &&
              !std::is_copy_constructible_v<BlindIndex> &&
              !std::is_copy_constructible_v<MasterSecret>);

TEST_CASE("secret: take wipes its source, from does not, a move leaves nothing") {
    std::array<std::byte, 32> source;
    source.fill(std::byte{0x33});
    FieldKey key = FieldKey::take(source);
    CHECK(source == std::array<std::byte, 32>{});
    CHECK(to_hex(key.expose()) == to_hex(Bytes(32, std::byte{0x33})));
    const Bytes kept(32, std::byte{0x44});
    FieldKey other = FieldKey::from(kept).value();
    CHECK(kept == Bytes(32, std::byte{0x44}));
    const std::byte* slot = key.expose().data();
    FieldKey moved = std::move(key);
    CHECK(moved.expose().data() == slot); // the same memory, not a copy
    const std::byte* overwritten = moved.expose().data();
    moved = std::move(other);
    CHECK(to_hex(moved.expose()) == to_hex(kept));
    CHECK(Bytes(overwritten, overwritten + 32) == Bytes(32)); // wiped when it was overwritten
    CHECK(to_hex(moved.duplicate().expose()) == to_hex(kept));
}

TEST_CASE("secret: from takes the right length only") {
    CHECK(FieldKey::from(Bytes(31)).error() == CryptoErrc::wrong_key_length);
    CHECK(FieldKey::from(Bytes(33)).error() == CryptoErrc::wrong_key_length);
    CHECK(FieldKey::from({}).error() == CryptoErrc::wrong_key_length);
}

TEST_CASE("secret: stands in memory that is locked and not dumped") {
    const FieldKey key = FieldKey::random();
    const std::string flags = flags_at(key.expose().data());
    CAPTURE(flags);
    CHECK(flags.find(" dd ") != std::string::npos); // left out of core dumps
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    MESSAGE("NOT RUN: the sanitizer leaves mlock out");
    return;
#endif
    CHECK(flags.find(" lo ") != std::string::npos); // locked
    const std::string locked = line_of("/proc/self/status", "VmLck:");
    CAPTURE(locked);
    CHECK(std::stol(locked.substr(6)) > 0);
}

TEST_CASE("secret: a thousand at once, in many threads, do not overlap") {
    std::vector<std::jthread> threads;
    std::array<int, 4> wrong{};
    for (int& count : wrong) {
        threads.emplace_back([&count] {
            std::vector<std::pair<FieldKey, Digest>> keys;
            for (int i = 0; i < 250; ++i) {
                FieldKey key = FieldKey::random();
                const Digest digest = sha256(key.expose());
                keys.emplace_back(std::move(key), digest);
            }
            for (const auto& [key, digest] : keys) {
                count += sha256(key.expose()) == digest ? 0 : 1;
            }
        });
    }
    threads.clear();
    CHECK(wrong == std::array<int, 4>{});
}

TEST_CASE("secret: a live key stands once in memory, whatever it was used for, and a destroyed one "
          "nowhere") {
    std::optional<FieldKey> key{FieldKey::random()};
    const Windows windows{key->expose()};
    CHECK(hits(windows) == windows.size()); // the search finds what is there
    const Bytes sealed = aead_seal(key->expose(), as_bytes("text"), as_bytes("place"));
    CHECK(aead_open(key->expose(), sealed, as_bytes("place")).has_value());
    CHECK(aead_open(key->expose(), sealed, as_bytes("elsewhere")).has_error());
    CHECK(hmac_sha256(key->expose(), as_bytes("text")) != Digest{});
    CHECK(hkdf_sha256(key->expose(), {}, {}, 32).has_value());
    CHECK(hits(windows) == windows.size());
    key.reset();
    CHECK(hits(windows) == 0);
}

TEST_CASE(
    "secret: sealers, indexes, fingerprints, key agreement and a keyring leave no key behind") {
    Windows all;
    {
        const MasterSecret master{.key = MasterKey::random(), .id = "m"};
        all.add(master.key.expose());
        AccountRecord record = create_account(master);
        CHECK(rotate(record, master, Purpose::field).has_value());
        const Result<Keyring> ring = Keyring::open(master, record);
        REQUIRE(ring.has_value());
        std::apply([&](const auto&... key) { (all.add(key.expose()), ...); },
                   std::tie(ring->newest<FieldKey>(), ring->newest<MediaKey>(),
                            ring->newest<SessionKey>(), ring->newest<IndexKey>(),
                            ring->newest<FingerprintKey>(), ring->newest<PoolKey>()));
        MemorySealCounter counter;
        Sealer sealer{ring->account(), duplicate(ring->field()), counter};
        const Cell cell{.table = "deal", .column = "notes", .row = as_bytes("1")};
        CHECK(sealer.open(cell, sealer.seal(cell, "text")).has_value());
        const BlindIndex index{ring->newest<IndexKey>().duplicate()};
        CHECK(index.chat("a") != index.sender("a"));
        CHECK(fingerprint(ring->newest<FingerprintKey>(), {.side = "sell"}) != Digest{});
        const CurvePrivateKey own = CurvePrivateKey::random();
        all.add(own.expose());
        const Result<SharedSecret> shared = x25519(own, x25519_public(CurvePrivateKey::random()));
        REQUIRE(shared.has_value());
        all.add(shared->expose());
    }
    CHECK(all.size() == 9 * 25);
    CHECK(hits(all) == 0);
}

TEST_CASE("secret: a thread that used a key leaves none behind") {
    std::optional<Windows> windows;
    std::jthread{[&windows] {
        const FieldKey key = FieldKey::random();
        windows.emplace(key.expose());
        CHECK(
            aead_open(key.expose(), aead_seal(key.expose(), as_bytes("text"), {}), {}).has_value());
        CHECK(hmac_sha256(key.expose(), {}) != Digest{});
    }}.join();
    CHECK(hits(*windows) == 0);
}

TEST_CASE("secret: a key file that was made and read leaves neither the key nor its text behind") {
    std::string name = (std::filesystem::temp_directory_path() / "vestari-secret-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    const std::filesystem::path path = std::filesystem::path{name} / "key";
    REQUIRE(create_master_key_file(path).has_value());
    std::optional<Windows> raw;
    {
        const Result<MasterSecret> master = FileProvider{path}.load();
        REQUIRE(master.has_value());
        raw.emplace(master->key.expose());
    }
    CHECK(hits(*raw) == 0);
    std::array<char, 200> text{}; // read without buffers of a library
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(file >= 0);
    const ssize_t length = read(file, text.data(), text.size());
    close(file);
    REQUIRE(length > 60);
    const std::size_t kek = std::string_view{text.data(), text.size()}.find("\"kek\":\"") + 7;
    const Windows base64{as_bytes(std::string_view{text.data() + kek, 44})};
    wipe(std::as_writable_bytes(std::span{text}));
    CHECK(FileProvider{path}.load().has_value());
    CHECK(hits(base64) == 0);
    std::filesystem::remove_all(name);
}
