#include <doctest/doctest.h>

#include <limits>

#include "crypto/primitive/nonce_counter.hpp"
#include "vestari/crypto/counted_cipher.hpp"
#include "vestari/crypto/curve.hpp"
#include "vestari/crypto/error.hpp"

using namespace vestari;
using namespace vestari::crypto;

namespace {

CountedKey key_of(std::byte fill) {
    std::array<std::byte, 32> bytes;
    bytes.fill(fill);
    return CountedKey::take(bytes);
}

} // namespace

static_assert(!std::is_copy_constructible_v<CountedCipher> &&
              !std::is_copy_constructible_v<NonceCounter>);
static_assert(!std::is_convertible_v<NoisePrivateKey, CurvePrivateKey>);
static_assert(!std::is_convertible_v<CurvePrivateKey, NoisePrivateKey>);

TEST_CASE("nonces: eight zero bytes, then the count, big-endian") {
    struct Row {
        std::uint32_t first;
        std::string_view nonce;
    };
    const Row rows[] = {
        {0, "000000000000000000000000"},
        {1, "000000000000000000000001"},
        {0x01020304, "000000000000000001020304"},
        {std::numeric_limits<std::uint32_t>::max(), "0000000000000000ffffffff"},
    };
    for (const Row& row : rows) {
        NonceCounter counter{row.first};
        CHECK(to_hex(counter.next().value()) == row.nonce);
    }
}

TEST_CASE("nonces: after the last one there is none, also in what the counter was moved to") {
    NonceCounter counter{std::numeric_limits<std::uint32_t>::max() - 1};
    CHECK(counter.next().has_value());
    CHECK(counter.next().has_value());
    CHECK(counter.next().error() == CryptoErrc::nonces_used_up);
    NonceCounter moved{std::move(counter)};
    CHECK(moved.next().error() == CryptoErrc::nonces_used_up);
}

TEST_CASE("nonces: a counter that was moved from gives none") {
    NonceCounter counter;
    NonceCounter moved{std::move(counter)};
    CHECK(to_hex(moved.next().value()) == "000000000000000000000000");
    // NOLINTNEXTLINE(bugprone-use-after-move): what is tested
    CHECK(counter.next().error() == CryptoErrc::nonces_used_up);
}

TEST_CASE(
    "counted cipher: the first value is the published one (NIST GCM, key and nonce of zeros)") {
    CountedCipher cipher{key_of(std::byte{0})};
    CHECK(to_hex(cipher.seal({}, {}).value()) == "530f8afbc74536b9a963b4f1c4cb738b");
    CountedCipher again{key_of(std::byte{0})};
    CHECK(to_hex(again.seal(Bytes(16), {}).value()) ==
          "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
}

TEST_CASE("counted cipher: two ends in step understand each other; one out of step does not") {
    CountedCipher sealing{key_of(std::byte{7})};
    CountedCipher opening{key_of(std::byte{7})};
    for (int i = 0; i < 5; ++i) {
        const Bytes plain = to_bytes("value " + std::to_string(i));
        const Bytes sealed = sealing.seal(plain, as_bytes("aad")).value();
        CHECK(opening.open(sealed, as_bytes("aad")).value() == plain);
    }
    const Bytes lost = sealing.seal(as_bytes("lost"), {}).value();
    const Bytes next = sealing.seal(as_bytes("next"), {}).value();
    CHECK(opening.open(next, {}).error() == CryptoErrc::wrong_key_or_tampered);
}

TEST_CASE(
    "counted cipher: one value sealed twice differs; a flipped bit and other data are refused") {
    CountedCipher sealing{key_of(std::byte{7})};
    const Bytes first = sealing.seal(as_bytes("same"), {}).value();
    CHECK(sealing.seal(as_bytes("same"), {}).value() != first);
    for (std::size_t bit = 0; bit < first.size() * 8; ++bit) {
        Bytes altered = first;
        altered[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
        CountedCipher opening{key_of(std::byte{7})};
        CHECK(opening.open(altered, {}).error() == CryptoErrc::wrong_key_or_tampered);
    }
    CountedCipher opening{key_of(std::byte{7})};
    CHECK(opening.open(first, as_bytes("x")).error() == CryptoErrc::wrong_key_or_tampered);
    CHECK(opening.open(Bytes(15), {}).error() == CryptoErrc::wrong_key_or_tampered);
}

TEST_CASE("noise keys: pairs agree as RFC 7748 section 6.1 says; a weak key is refused") {
    const NoiseKeyPair bob = NoiseKeyPair::of(
        NoisePrivateKey::from(
            from_hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb").value())
            .value());
    CHECK(to_hex(bob.public_key) ==
          "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    const Bytes alice =
        from_hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a").value();
    CHECK(to_hex(x25519(bob.private_key, BytesView{alice}.first<32>())->expose()) ==
          "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    for (const std::byte first : {std::byte{0}, std::byte{1}}) {
        CurvePublicKey weak{first};
        CHECK(x25519(bob.private_key, weak).error() == CryptoErrc::weak_public_key);
    }
    CHECK(NoiseKeyPair::generate().public_key != NoiseKeyPair::generate().public_key);
}
