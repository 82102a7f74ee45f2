// Sealed values: the golden value, computed apart from this code (Python's cryptography), and every way to move or alter one.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "vestari/crypto/seal.hpp"

using namespace vestari;
using namespace vestari::crypto;

namespace {

AccountId account(unsigned char first) {
    AccountId id;
    for (std::size_t i = 0; i < id.size(); ++i) {
        id[i] = static_cast<std::byte>(first + i);
    }
    return id;
}

template <class Key>
KeyVersions<Key> versions(std::initializer_list<std::pair<std::uint32_t, unsigned char>> keys) {
    KeyVersions<Key> map;
    for (const auto& [version, value] : keys) {
        map.emplace(version, Key::from(Bytes(32, std::byte{value})).value());
    }
    return map;
}

constexpr std::string_view golden_hex = "01000000010c0c0c0c0c0c0c0c0c0c0c0ce3ace76efa24d6413738ece3"
                                        "5fdca3ab26a6efcff0a5ee8e65538cccf9bc27";
const Cell golden_cell{.table = "deal", .column = "notes", .row = as_bytes("42")};

bool refused(const Sealer& sealer, const Cell& cell, BytesView sealed) {
    const Result<Bytes> opened = sealer.open(cell, sealed);
    return opened.has_error() && opened.error() == CryptoErrc::wrong_key_or_tampered;
}

} // namespace

TEST_CASE("sealer: opens the golden value, and seals to the same form") {
    MemorySealCounter counter;
    Sealer sealer{account(0xa0), versions<FieldKey>({{1, 0x10}}), counter};
    const Bytes golden = from_hex(golden_hex).value();
    CHECK(to_string(sealer.open(golden_cell, golden).value()) == "golden text €");
    const Bytes ours = sealer.seal(golden_cell, "golden text €");
    CHECK(ours.size() == golden.size());
    CHECK(to_hex(BytesView{ours}.first(5)) == "0100000001");
    CHECK(to_string(sealer.open(golden_cell, ours).value()) == "golden text €");
    CHECK(sealer.opened() == 2);
    CHECK(sealer.sealed() == 1);
}

TEST_CASE("sealer: refuses every flipped bit, truncation and extension") {
    MemorySealCounter counter;
    const Sealer sealer{account(0xa0), versions<FieldKey>({{1, 0x10}}), counter};
    const Bytes golden = from_hex(golden_hex).value();
    for (std::size_t bit = 0; bit < golden.size() * 8; ++bit) {
        CAPTURE(bit);
        Bytes altered = golden;
        altered[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
        CHECK(refused(sealer, golden_cell, altered));
    }
    for (std::size_t length = 0; length < golden.size(); ++length) {
        CAPTURE(length);
        CHECK(refused(sealer, golden_cell, BytesView{golden}.first(length)));
    }
    Bytes longer = golden;
    longer.push_back(std::byte{0});
    CHECK(refused(sealer, golden_cell, longer));
    CHECK(sealer.opened() == 0);
}

TEST_CASE("sealer: refuses every flipped bit of what the value is bound to, under the right key") {
    MemorySealCounter counter;
    const Bytes golden = from_hex(golden_hex).value();
    const Sealer own{account(0xa0), versions<FieldKey>({{1, 0x10}}), counter};
    const auto flipped = [](std::string text, std::size_t bit) {
        text[bit / 8] = static_cast<char>(text[bit / 8] ^ static_cast<char>(1U << (bit % 8)));
        return text;
    };
    for (std::size_t bit = 0; bit < 128; ++bit) {
        AccountId id = account(0xa0);
        id[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
        const Sealer other{id, versions<FieldKey>({{1, 0x10}}), counter};
        CHECK(refused(other, golden_cell, golden));
    }
    for (std::size_t bit = 0; bit < 4 * 8; ++bit) {
        CHECK(refused(own,
                      {.table = flipped("deal", bit), .column = "notes", .row = as_bytes("42")},
                      golden));
    }
    for (std::size_t bit = 0; bit < 5 * 8; ++bit) {
        CHECK(refused(own,
                      {.table = "deal", .column = flipped("notes", bit), .row = as_bytes("42")},
                      golden));
    }
    for (std::size_t bit = 0; bit < 2 * 8; ++bit) {
        const std::string row = flipped("42", bit);
        CHECK(refused(own, {.table = "deal", .column = "notes", .row = as_bytes(row)}, golden));
    }
}

TEST_CASE("sealer: a value moved to another place does not open") {
    MemorySealCounter counter;
    Sealer sealer{account(1), versions<FieldKey>({{1, 0x10}}), counter};
    const Cell cells[] = {
        {"deal", "notes", as_bytes("1")},  {"deal", "notes", as_bytes("2")},
        {"deal", "source", as_bytes("1")}, {"photo", "notes", as_bytes("1")},
        {"dealn", "otes", as_bytes("1")},  {"dea", "lnotes", as_bytes("1")},
        {"deal", "notes1", as_bytes("")},  {"deal", "notes", as_bytes("")},
        {"deal", "", as_bytes("notes1")},  {"", "dealnotes", as_bytes("1")},
    };
    for (const Cell& from : cells) {
        const Bytes sealed = sealer.seal(from, "text");
        for (const Cell& to : cells) {
            CHECK(sealer.open(to, sealed).has_value() == (&from == &to));
        }
    }
}

TEST_CASE("sealer: ten accounts, and none opens another's, be it by key or by name") {
    for (const bool same_key : {false, true}) {
        CAPTURE(same_key);
        MemorySealCounter counter;
        std::vector<Sealer> sealers;
        for (unsigned char i = 0; i < 10; ++i) {
            const auto key = static_cast<unsigned char>(same_key ? 0x10 : 0x10 + i);
            sealers.emplace_back(account(i), versions<FieldKey>({{1, key}}), counter);
        }
        int opened = 0;
        int refusals = 0;
        for (Sealer& from : sealers) {
            const Bytes sealed = from.seal(golden_cell, "text");
            for (const Sealer& to : sealers) {
                refused(to, golden_cell, sealed) ? ++refusals : ++opened;
            }
        }
        CHECK(opened == 10);
        CHECK(refusals == 90);
    }
}

TEST_CASE("sealer: purposes and key versions do not mix, even where the key's bytes are the same") {
    MemorySealCounter counter;
    Sealer field{account(1), versions<FieldKey>({{1, 0x10}, {2, 0x10}}), counter};
    Sealer media{account(1), versions<MediaKey>({{1, 0x10}, {2, 0x10}}), counter};
    Sealer session{account(1), versions<SessionKey>({{1, 0x10}, {2, 0x10}}), counter};
    Sealer* const sealers[] = {&field, &media, &session};
    for (Sealer* from : sealers) {
        const Bytes sealed = from->seal(golden_cell, "text");
        CHECK(sealed_key_version(sealed) == 2);
        for (const Sealer* to : sealers) {
            CHECK(to->open(golden_cell, sealed).has_value() == (from == to));
        }
        Bytes renumbered = sealed;
        renumbered[4] = std::byte{1};
        CHECK(refused(*from, golden_cell, renumbered));
        renumbered[4] = std::byte{3}; // no such key
        CHECK(refused(*from, golden_cell, renumbered));
    }
}

TEST_CASE("sealed_key_version: reads the version of what looks like a sealed value, else 0") {
    Bytes sealed = from_hex(golden_hex).value();
    CHECK(sealed_key_version(sealed) == 1);
    sealed[1] = std::byte{0xff};
    CHECK(sealed_key_version(sealed) == 0xff000001U);
    sealed[0] = std::byte{2};
    CHECK(sealed_key_version(sealed) == 0);
    CHECK(sealed_key_version({}) == 0);
}

TEST_CASE("sealer: 100,000 seals by four threads repeat no nonce") {
    MemorySealCounter counter;
    Sealer sealer{account(1), versions<FieldKey>({{1, 0x10}}), counter};
    std::mutex lock;
    std::unordered_set<std::string> nonces;
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            std::vector<std::string> own;
            for (int i = 0; i < 25'000; ++i) {
                const Bytes sealed = sealer.seal(golden_cell, "text");
                own.push_back(to_string(BytesView{sealed}.subspan(5, 12)));
            }
            const std::lock_guard held{lock};
            nonces.insert(own.begin(), own.end());
        });
    }
    threads.clear();
    CHECK(nonces.size() == 100'000);
    CHECK(sealer.sealed() == 100'000);
}

TEST_CASE("sealer: a fork repeats no nonce of its parent") {
    MemorySealCounter counter;
    Sealer sealer{account(1), versions<FieldKey>({{1, 0x10}}), counter};
    constexpr std::size_t seals = 100;
    constexpr std::size_t size = seal_overhead;
    sealer.seal(golden_cell, ""); // the generator has started before the fork
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        bool written = true;
        for (std::size_t i = 0; i < seals; ++i) {
            const Bytes sealed = sealer.seal(golden_cell, "");
            written = written && write(ends[1], sealed.data(), size) == static_cast<ssize_t>(size);
        }
        _exit(written ? 0 : 1);
    }
    close(ends[1]);
    std::unordered_set<std::string> nonces;
    std::array<std::byte, size> sealed;
    while (read(ends[0], sealed.data(), size) == static_cast<ssize_t>(size)) {
        nonces.insert(to_string(BytesView{sealed}.subspan(5, 12)));
    }
    close(ends[0]);
    int status = -1;
    waitpid(child, &status, 0);
    CHECK(status == 0);
    for (std::size_t i = 0; i < seals; ++i) {
        nonces.insert(to_string(BytesView{sealer.seal(golden_cell, "")}.subspan(5, 12)));
    }
    CHECK(nonces.size() == 2 * seals);
}
