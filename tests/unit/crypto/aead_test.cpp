// AES-256-GCM: published values, and every way to tamper with one.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include <openssl/err.h>

#include "vestari/crypto/aead.hpp"
#include "vestari/crypto/error.hpp"
#include "vestari/crypto/secret.hpp"

using namespace vestari;
using namespace vestari::crypto;

namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }
AeadKeyView key_view(const Bytes& key) { return AeadKeyView{key}; }

Bytes with_bit_flipped(Bytes bytes, std::size_t bit) {
    bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    return bytes;
}

} // namespace

TEST_CASE("aead_open: opens the 256-bit test cases 13 to 16 of the GCM specification") {
    struct Row {
        std::string_view key, nonce, plain, aad, ciphertext, tag;
    };
    static constexpr std::string_view zeros =
        "0000000000000000000000000000000000000000000000000000000000000000";
    static constexpr std::string_view key =
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
    const Row rows[] = {
        {zeros, "000000000000000000000000", "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
        {zeros, "000000000000000000000000", "00000000000000000000000000000000", "",
         "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
        {key, "cafebabefacedbaddecaf888",
         "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e244"
         "9a6b525b16aedf5aa0de657ba637b39",
         "feedfacedeadbeeffeedfacedeadbeefabaddad2",
         "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b105"
         "6828838c5f61e6393ba7a0abcc9f662",
         "76fc6ece0f4e1768cddf8853bb2d551b"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.tag);
        const Bytes sealed =
            hex(std::string{row.nonce} + std::string{row.ciphertext} + std::string{row.tag});
        CHECK(to_hex(aead_open(key_view(hex(row.key)), sealed, hex(row.aad)).value()) == row.plain);
    }
}

TEST_CASE("aead: what was sealed opens, of any length") {
    const FieldKey key = FieldKey::random();
    for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 64U, 1000U, 65'536U, 1'000'000U}) {
        CAPTURE(size);
        const Bytes plain(size, std::byte{0x5a});
        const Bytes sealed = aead_seal(key.expose(), plain, as_bytes("here"));
        CHECK(sealed.size() == size + aead_overhead);
        CHECK(aead_open(key.expose(), sealed, as_bytes("here")).value() == plain);
        CHECK(aead_open(key.expose(), aead_seal(key.expose(), plain, {}), {}).value() == plain);
    }
}

TEST_CASE("aead_open: refuses every flipped bit of value, associated data and key, and leaves no "
          "plaintext behind") {
    const Bytes key(32, std::byte{0x11});
    const Bytes plain = to_bytes("the buyer's name and his number");
    const Bytes aad = to_bytes("account, table, column, row");
    const Bytes sealed = aead_seal(key_view(key), plain, aad);
    Bytes out(plain.size());
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        CAPTURE(bit);
        std::ranges::fill(out, std::byte{0xff});
        CHECK(aead_open_into(key_view(key), with_bit_flipped(sealed, bit), aad, out).error() ==
              CryptoErrc::wrong_key_or_tampered);
        CHECK(out == Bytes(plain.size()));
    }
    for (std::size_t bit = 0; bit < aad.size() * 8; ++bit) {
        CAPTURE(bit);
        CHECK(aead_open(key_view(key), sealed, with_bit_flipped(aad, bit)).error() ==
              CryptoErrc::wrong_key_or_tampered);
    }
    for (std::size_t bit = 0; bit < key.size() * 8; ++bit) {
        CAPTURE(bit);
        CHECK(aead_open(key_view(with_bit_flipped(key, bit)), sealed, aad).error() ==
              CryptoErrc::wrong_key_or_tampered);
    }
    CHECK(ERR_peek_error() ==
          0); // nothing left in OpenSSL's queue for a TLS stream to stumble over
    CHECK(aead_open(key_view(key), sealed, aad).value() == plain);
}

TEST_CASE("aead_open: refuses every truncation and every extension") {
    const Bytes key(32, std::byte{0x22});
    Bytes sealed = aead_seal(key_view(key), as_bytes("text"), {});
    for (std::size_t length = 0; length < sealed.size(); ++length) {
        CAPTURE(length);
        CHECK(aead_open(key_view(key), BytesView{sealed}.first(length), {}).error() ==
              CryptoErrc::wrong_key_or_tampered);
    }
    sealed.push_back(std::byte{0});
    CHECK(aead_open(key_view(key), sealed, {}).error() == CryptoErrc::wrong_key_or_tampered);
    Bytes too_small(2);
    CHECK(aead_open_into(key_view(key), sealed, {}, too_small).error() ==
          CryptoErrc::wrong_key_or_tampered);
}

TEST_CASE("aead_seal: two seals of one text differ in nonce and in ciphertext") {
    const FieldKey key = FieldKey::random();
    const Bytes plain = to_bytes("the same words");
    std::set<Bytes> nonces;
    std::set<Bytes> bodies;
    for (int i = 0; i < 1000; ++i) {
        const Bytes sealed = aead_seal(key.expose(), plain, {});
        nonces.insert(to_bytes(BytesView{sealed}.first(aead_nonce_bytes)));
        bodies.insert(to_bytes(BytesView{sealed}.subspan(aead_nonce_bytes)));
    }
    CHECK(nonces.size() == 1000);
    CHECK(bodies.size() == 1000);
}
