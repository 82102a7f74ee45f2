// SHA-256, HMAC and HKDF on a few published values; the long lists are in wycheproof_test.cpp.
#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

#include "vestari/crypto/error.hpp"
#include "vestari/crypto/fips.hpp"
#include "vestari/crypto/hash.hpp"

using namespace vestari;
using namespace vestari::crypto;

namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }
Bytes repeated(std::size_t count, unsigned char value) { return Bytes(count, std::byte{value}); }

} // namespace

TEST_CASE("sha256: the examples of FIPS 180-4, whole and in pieces") {
    struct Row {
        std::string text;
        std::string_view digest;
    };
    const Row rows[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {std::string(1'000'000, 'a'),
         "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    };
    Sha256 pieces;
    for (const Row& row : rows) {
        CAPTURE(row.text.size());
        CHECK(to_hex(sha256(as_bytes(row.text))) == row.digest);
        pieces.update(as_bytes(row.text).first(row.text.size() / 3));
        pieces.update(as_bytes(row.text).subspan(row.text.size() / 3));
        CHECK(to_hex(pieces.finish()) == row.digest);
    }
}

TEST_CASE("hmac: the cases of RFC 4231, whole, in parts and step by step") {
    struct Row {
        Bytes key;
        Bytes data;
        std::string_view tag;
    };
    const Row rows[] = {
        {repeated(20, 0x0b), to_bytes("Hi There"),
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {to_bytes("Jefe"), to_bytes("what do ya want for nothing?"),
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {repeated(20, 0xaa), repeated(50, 0xdd),
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {repeated(131, 0xaa), to_bytes("Test Using Larger Than Block-Size Key - Hash Key First"),
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {{}, {}, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.tag);
        const BytesView data{row.data};
        CHECK(to_hex(hmac_sha256(row.key, data)) == row.tag);
        const std::size_t third = data.size() / 3;
        CHECK(to_hex(hmac_sha256(row.key, {data.first(third), {}, data.subspan(third)})) ==
              row.tag);
        Hmac steps{row.key};
        for (int round = 0; round < 2; ++round) { // finish starts anew with the same key
            steps.update(data.first(third));
            steps.update(data.subspan(third));
            CHECK(to_hex(steps.finish()) == row.tag);
        }
    }
}

TEST_CASE("hmac: threads do not disturb each other") {
    const Bytes key = repeated(32, 7);
    const Digest expected = hmac_sha256(key, as_bytes("text"));
    std::vector<int> wrong(4);
    std::vector<std::jthread> threads;
    for (int& count : wrong) {
        threads.emplace_back([&key, &expected, &count] {
            for (int i = 0; i < 2000; ++i) {
                count += hmac_sha256(key, as_bytes("text")) == expected ? 0 : 1;
                count +=
                    hmac_sha256(as_bytes(std::to_string(i)), as_bytes("text")) == expected ? 1 : 0;
            }
        });
    }
    threads.clear();
    CHECK(wrong == std::vector<int>{0, 0, 0, 0});
}

TEST_CASE("hkdf: the cases A.1 to A.3 of RFC 5869") {
    struct Row {
        Bytes ikm, salt, info;
        std::string_view okm;
    };
    const auto counted = [](unsigned char from, std::size_t count) {
        Bytes bytes(count);
        for (std::size_t i = 0; i < count; ++i) {
            bytes[i] = static_cast<std::byte>(from + i);
        }
        return bytes;
    };
    const Row rows[] = {
        {repeated(22, 0x0b), counted(0x00, 13), counted(0xf0, 10),
         "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
        {counted(0x00, 80), counted(0x60, 80), counted(0xb0, 80),
         "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65"
         "e590e09da3275600c2f09b8367793a9aca"
         "3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
        {repeated(22, 0x0b),
         {},
         {},
         "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
    };
    for (const Row& row : rows) {
        CHECK(to_hex(hkdf_sha256(row.ikm, row.salt, row.info, row.okm.size() / 2).value()) ==
              row.okm);
    }
}

TEST_CASE("hkdf: gives up to 8160 bytes and refuses more") {
    CHECK(hkdf_sha256(hex("00"), {}, {}, 0).value().empty());
    CHECK(hkdf_sha256(hex("00"), {}, {}, max_hkdf_bytes).value().size() == max_hkdf_bytes);
    CHECK(hkdf_sha256(hex("00"), {}, {}, max_hkdf_bytes + 1).error() ==
          CryptoErrc::output_too_long);
}

TEST_CASE("constant_time_equal: equal bytes of equal length only") {
    CHECK(constant_time_equal(hex("0102"), hex("0102")));
    CHECK(constant_time_equal({}, {}));
    CHECK_FALSE(constant_time_equal(hex("0102"), hex("0103")));
    CHECK_FALSE(constant_time_equal(hex("0102"), hex("010200")));
}

TEST_CASE(
    "require_fips: is refused where no FIPS provider is set up, and leaves everything working") {
    CHECK(require_fips().error() == CryptoErrc::fips_not_active);
    CHECK(to_hex(sha256({})).starts_with("e3b0c442"));
}
