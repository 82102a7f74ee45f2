// X25519, Ed25519 and XEdDSA; XEdDSA beside libsignal-protocol-c, which signs here and judges the same signatures.
#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>

#include <boost/json.hpp>
#include <signal/curve.h>
#include <signal/signal_protocol.h>
#include <sodium.h>

#include "vestari/crypto/curve.hpp"
#include "vestari/crypto/error.hpp"

// Exported by the library, declared in no header of it: signs with a Montgomery private key, `random` is 64 bytes.
extern "C" int curve25519_sign(unsigned char* signature, const unsigned char* private_key,
                               const unsigned char* message, unsigned long length,
                               const unsigned char* random);

using namespace vestari;
using namespace vestari::crypto;

namespace {

using Key = std::array<std::byte, 32>;
using Signature = std::array<std::byte, 64>;

template <class Array> unsigned char* raw(Array& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}
template <class Array> const unsigned char* raw(const Array& bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
Bytes hex(std::string_view text) { return from_hex(text).value(); }
template <std::size_t N> std::array<std::byte, N> array_of(BytesView bytes) {
    std::array<std::byte, N> array{};
    REQUIRE(bytes.size() == N);
    std::ranges::copy(bytes, array.begin());
    return array;
}
template <std::size_t N> std::array<std::byte, N> random_bytes(std::mt19937_64& from) {
    std::array<std::byte, N> bytes;
    std::ranges::generate(bytes, [&from] { return static_cast<std::byte>(from() & 0xffU); });
    return bytes;
}

struct Unref {
    void operator()(ec_public_key* key) const noexcept {
        signal_type_unref(reinterpret_cast<signal_type_base*>(key));
    }
};

bool libsignal_verifies(const Key& key, BytesView message, const Signature& signature) {
    std::array<std::byte, 33> serialized{std::byte{5}};
    std::ranges::copy(key, serialized.begin() + 1);
    ec_public_key* decoded = nullptr;
    REQUIRE(curve_decode_point(&decoded, raw(serialized), serialized.size(), nullptr) == 0);
    const std::unique_ptr<ec_public_key, Unref> owned{decoded};
    return curve_verify_signature(decoded, reinterpret_cast<const unsigned char*>(message.data()),
                                  message.size(), raw(signature), signature.size()) == 1;
}

struct Signer {
    Key private_key;
    Key public_key;
    explicit Signer(std::mt19937_64& from) : private_key{random_bytes<32>(from)} {
        private_key[0] &= std::byte{248};
        private_key[31] = (private_key[31] & std::byte{127}) | std::byte{64};
        crypto_scalarmult_curve25519_base(raw(public_key), raw(private_key));
    }
    Signature sign(BytesView message, std::mt19937_64& from) const {
        const auto random = random_bytes<64>(from);
        Signature signature;
        REQUIRE(curve25519_sign(raw(signature), raw(private_key),
                                reinterpret_cast<const unsigned char*>(message.data()),
                                message.size(), raw(random)) == 0);
        return signature;
    }
};

Key reduced(std::array<std::byte, 64> wide) {
    Key scalar;
    crypto_core_ed25519_scalar_reduce(raw(scalar), raw(wide));
    return scalar;
}

// Montgomery points whose order divides 8, canonical and not.
constexpr std::string_view low_order_points[] = {
    "0000000000000000000000000000000000000000000000000000000000000000", // 0
    "0100000000000000000000000000000000000000000000000000000000000000", // 1
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800", // order 8
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157", // order 8
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // p - 1
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // p
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // p + 1
};

} // namespace

TEST_CASE("x25519: the vectors of RFC 7748, sections 5.2 and 6.1") {
    const auto private_key = [](std::string_view text) {
        return CurvePrivateKey::from(hex(text)).value();
    };
    const CurvePrivateKey scalar =
        private_key("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
    const Key u =
        array_of<32>(hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"));
    CHECK(to_hex(x25519(scalar, u).value().expose()) ==
          "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");

    const CurvePrivateKey alice =
        private_key("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    const CurvePrivateKey bob =
        private_key("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    CHECK(to_hex(x25519_public(alice)) ==
          "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    CHECK(to_hex(x25519_public(bob)) ==
          "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    const std::string shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
    CHECK(to_hex(x25519(alice, x25519_public(bob)).value().expose()) == shared);
    CHECK(to_hex(x25519(bob, x25519_public(alice)).value().expose()) == shared);
}

TEST_CASE("x25519: refuses public keys that force the shared secret to zero") {
    const CurvePrivateKey own = CurvePrivateKey::random();
    for (const std::string_view point : low_order_points) {
        CAPTURE(point);
        CHECK(x25519(own, array_of<32>(hex(point))).error() == CryptoErrc::weak_public_key);
    }
}

TEST_CASE("ed25519_verify: test 2 of RFC 8032 section 7.1, and nothing near it") {
    const Bytes key = hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    Bytes signature = hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    CHECK(ed25519_verify(key, hex("72"), signature));
    CHECK_FALSE(ed25519_verify(key, hex("73"), signature));
    CHECK_FALSE(ed25519_verify(BytesView{key}.first(31), hex("72"), signature));
    CHECK_FALSE(ed25519_verify(key, hex("72"), BytesView{signature}.first(63)));
    for (std::size_t i = 0; i < signature.size(); ++i) {
        CAPTURE(i);
        signature[i] ^= std::byte{1};
        CHECK_FALSE(ed25519_verify(key, hex("72"), signature));
        signature[i] ^= std::byte{1};
    }
}

TEST_CASE("xeddsa: gives the verdicts of tests/vectors/connection/xeddsa.json") {
    std::ifstream file{VESTARI_TEST_DATA "/vectors/connection/xeddsa.json"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const boost::json::value root = boost::json::parse(text);
    std::size_t cases = 0;
    for (const boost::json::value& item : root.at("cases").as_array()) {
        CAPTURE(cases);
        const auto bytes = [&item](const char* name) {
            return hex(item.at(name).as_string().c_str());
        };
        CHECK(xeddsa_verify(bytes("public_hex"), bytes("message_hex"), bytes("signature_hex")) ==
              item.at("valid").as_bool());
        ++cases;
    }
    CHECK(cases == 30);
}

TEST_CASE("xeddsa: agrees with libsignal-protocol-c on its signatures and on altered ones") {
    std::mt19937_64 random{20240607}; // fixed: a failure can be run again
    std::array<int, 2> by_sign{};
    for (int round = 0; round < 200; ++round) {
        CAPTURE(round);
        const Signer signer{random};
        const XeddsaVerifier verifier{signer.public_key};
        Bytes message(static_cast<std::size_t>(random() % 300));
        std::ranges::generate(message,
                              [&random] { return static_cast<std::byte>(random() & 0xffU); });
        Signature signature = signer.sign(message, random);
        by_sign[std::to_integer<std::size_t>(signature[63] >> 7U)]++;
        CHECK(verifier.verify(message, signature));
        CHECK(libsignal_verifies(signer.public_key, message, signature));
        for (int change = 0; change < 8; ++change) {
            Signature altered = signature;
            const std::size_t bit = random() % 512;
            altered[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
            CAPTURE(bit);
            CHECK(verifier.verify(message, altered) ==
                  libsignal_verifies(signer.public_key, message, altered));
        }
        message.push_back(std::byte{1});
        CHECK_FALSE(verifier.verify(message, signature));
        CHECK_FALSE(libsignal_verifies(signer.public_key, message, signature));
    }
    CHECK(by_sign[0] > 50); // both Edwards signs were met
    CHECK(by_sign[1] > 50);
}

TEST_CASE("xeddsa: agrees with libsignal-protocol-c on keys with the top bit set") {
    std::mt19937_64 random{7};
    for (int round = 0; round < 20; ++round) {
        const Signer signer{random};
        const Signature signature = signer.sign(as_bytes("text"), random);
        Key with_top_bit = signer.public_key;
        with_top_bit[31] |= std::byte{0x80};
        CHECK(XeddsaVerifier{with_top_bit}.verify(as_bytes("text"), signature));
        CHECK(libsignal_verifies(with_top_bit, as_bytes("text"), signature));
    }
}

TEST_CASE("xeddsa: refuses s at or above the group order, where the library does not") {
    std::mt19937_64 random{11};
    const Signer signer{random};
    const Bytes order =
        hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"); // little-endian
    Signature signature = signer.sign(as_bytes("text"), random);
    const std::byte sign = signature[63] & std::byte{0x80};
    signature[63] &= std::byte{0x7f};
    unsigned carry = 0;
    for (std::size_t i = 0; i < 32; ++i) { // s + L verifies the same equation
        carry += std::to_integer<unsigned>(signature[32 + i]) + std::to_integer<unsigned>(order[i]);
        signature[32 + i] = static_cast<std::byte>(carry & 0xffU);
        carry >>= 8U;
    }
    signature[63] |= sign;
    CHECK(libsignal_verifies(signer.public_key, as_bytes("text"), signature));
    CHECK_FALSE(XeddsaVerifier{signer.public_key}.verify(as_bytes("text"), signature));
}

TEST_CASE("xeddsa: refuses a key of low order, where the library accepts a signature by nobody") {
    std::mt19937_64 random{13};
    const Key key{}; // u = 0, of order 2: R = sB passes for every message whose hash is even
    const Key s = reduced(random_bytes<64>(random));
    Signature signature{};
    REQUIRE(crypto_scalarmult_ed25519_base_noclamp(raw(signature), raw(s)) == 0);
    std::ranges::copy(s, signature.begin() + 32);
    int library_accepts = 0;
    int we_accept = 0;
    const XeddsaVerifier verifier{key};
    for (int i = 0; i < 64; ++i) {
        const std::string message = std::to_string(i);
        library_accepts += libsignal_verifies(key, as_bytes(message), signature) ? 1 : 0;
        we_accept += verifier.verify(as_bytes(message), signature) ? 1 : 0;
    }
    CHECK(library_accepts > 0);
    CHECK(we_accept == 0);
    for (const std::string_view point : low_order_points) {
        CAPTURE(point);
        const XeddsaVerifier low{array_of<32>(hex(point))};
        Signature neutral{std::byte{1}}; // R the neutral element, s = 0
        for (int i = 0; i < 64; ++i) {
            CHECK_FALSE(low.verify(as_bytes(std::to_string(i)), neutral));
            CHECK_FALSE(low.verify(as_bytes(std::to_string(i)), signature));
        }
    }
}

TEST_CASE("xeddsa: refuses an R of low order, where the library does not") {
    std::mt19937_64 random{17};
    const Key scalar = reduced(random_bytes<64>(random));
    Key edwards;
    REQUIRE(crypto_scalarmult_ed25519_base_noclamp(raw(edwards), raw(scalar)) == 0);
    Key montgomery;
    REQUIRE(crypto_sign_ed25519_pk_to_curve25519(raw(montgomery), raw(edwards)) == 0);
    Signature signature{std::byte{1}}; // R the neutral element: s = h · a
    Bytes hashed = to_bytes(BytesView{signature}.first(32));
    append(hashed, edwards);
    append(hashed, "text");
    std::array<std::byte, 64> hash;
    crypto_hash_sha512(raw(hash), raw(hashed), hashed.size());
    const Key h = reduced(hash);
    Key s;
    crypto_core_ed25519_scalar_mul(raw(s), raw(h), raw(scalar));
    std::ranges::copy(s, signature.begin() + 32);
    signature[63] |= edwards[31] & std::byte{0x80};
    CHECK(libsignal_verifies(montgomery, as_bytes("text"), signature));
    CHECK_FALSE(XeddsaVerifier{montgomery}.verify(as_bytes("text"), signature));
}

TEST_CASE("xeddsa_verify: refuses keys and signatures of a wrong length") {
    std::mt19937_64 random{19};
    const Signer signer{random};
    const Signature signature = signer.sign(as_bytes("text"), random);
    CHECK(xeddsa_verify(signer.public_key, as_bytes("text"), signature));
    CHECK_FALSE(xeddsa_verify(BytesView{signer.public_key}.first(31), as_bytes("text"), signature));
    CHECK_FALSE(xeddsa_verify(signer.public_key, as_bytes("text"), BytesView{signature}.first(63)));
    CHECK_FALSE(xeddsa_verify({}, as_bytes("text"), {}));
}
