#include "vestari/crypto/curve.hpp"

#include <algorithm>

#include <sodium.h>

#include "crypto/primitive/openssl.hpp"
#include "vestari/base/check.hpp"

namespace vestari::crypto {

using openssl::in;
using openssl::require;

namespace {

// libsodium picks its fastest code for this processor once; without it the slow code runs.
void ready() {
    static const bool started = sodium_init() >= 0;
    VESTARI_CHECK(started);
}

using PrivateKeyView = std::span<const std::byte, 32>;

CurvePublicKey public_of(PrivateKeyView own) {
    ready();
    CurvePublicKey key;
    VESTARI_CHECK(crypto_scalarmult_curve25519_base(openssl::out(key), in(own)) == 0);
    return key;
}

Result<SharedSecret> agree(PrivateKeyView own, std::span<const std::byte, 32> theirs) {
    ready();
    bool sound = false;
    SharedSecret shared = SharedSecret::made_by([&](std::span<std::byte, 32> out) {
        sound = crypto_scalarmult_curve25519(openssl::out(out), in(own), in(theirs)) == 0;
    });
    if (!sound) {
        return CryptoErrc::weak_public_key;
    }
    return shared;
}

// The prime 2^255 - 19.
const BIGNUM* field_prime() {
    static const openssl::Bignum prime = [] {
        openssl::Bignum p{BN_new()};
        require(p != nullptr && BN_set_bit(p.get(), 255) == 1 && BN_sub_word(p.get(), 19) == 1,
                "BN_set_bit");
        return p;
    }();
    return prime.get();
}

// y = (u - 1) / (u + 1): the Edwards y of a Montgomery u, little-endian, sign bit clear. u = -1 gives 0, as in libsignal;
// that point has low order and no signature passes under it.
std::array<unsigned char, 32> edwards_y(std::span<const std::byte, 32> montgomery) {
    std::array<unsigned char, 32> bytes;
    std::ranges::copy(montgomery, reinterpret_cast<std::byte*>(bytes.data()));
    bytes[31] &= 0x7f; // RFC 7748 section 5: the top bit of u is ignored
    const BIGNUM* p = field_prime();
    const openssl::BignumCtx ctx{BN_CTX_new()};
    const openssl::Bignum u{BN_lebin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)};
    const openssl::Bignum below{BN_new()};
    const openssl::Bignum above{BN_new()};
    require(ctx != nullptr && u != nullptr && below != nullptr && above != nullptr, "BN_new");
    require(BN_mod_sub(below.get(), u.get(), BN_value_one(), p, ctx.get()) == 1, "BN_mod_sub");
    require(BN_mod_add(above.get(), u.get(), BN_value_one(), p, ctx.get()) == 1, "BN_mod_add");
    if (BN_is_zero(above.get())) {
        return {};
    }
    require(BN_mod_inverse(above.get(), above.get(), p, ctx.get()) != nullptr, "BN_mod_inverse");
    require(BN_mod_mul(below.get(), below.get(), above.get(), p, ctx.get()) == 1, "BN_mod_mul");
    require(BN_bn2lebinpad(below.get(), bytes.data(), static_cast<int>(bytes.size())) ==
                static_cast<int>(bytes.size()),
            "BN_bn2lebinpad");
    return bytes;
}

} // namespace

CurvePublicKey x25519_public(const CurvePrivateKey& own) { return public_of(own.expose()); }

Result<SharedSecret> x25519(const CurvePrivateKey& own, std::span<const std::byte, 32> theirs) {
    return agree(own.expose(), theirs);
}

NoiseKeyPair NoiseKeyPair::of(NoisePrivateKey own) {
    const CurvePublicKey key = public_of(own.expose());
    return {std::move(own), key};
}

NoiseKeyPair NoiseKeyPair::generate() { return of(NoisePrivateKey::random()); }

Result<SharedSecret> x25519(const NoisePrivateKey& own, std::span<const std::byte, 32> theirs) {
    return agree(own.expose(), theirs);
}

bool ed25519_verify(BytesView key, BytesView message, BytesView signature) {
    ready();
    return key.size() == crypto_sign_ed25519_PUBLICKEYBYTES &&
           signature.size() == crypto_sign_ed25519_BYTES &&
           crypto_sign_ed25519_verify_detached(in(signature), in(message), message.size(),
                                               in(key)) == 0;
}

XeddsaVerifier::XeddsaVerifier(std::span<const std::byte, 32> montgomery_key) {
    ready();
    edwards_[0] = edwards_y(montgomery_key);
    edwards_[1] = edwards_[0];
    edwards_[1][31] |= 0x80;
}

bool XeddsaVerifier::verify(BytesView message, BytesView signature) const {
    if (signature.size() != crypto_sign_ed25519_BYTES) {
        return false;
    }
    std::array<unsigned char, crypto_sign_ed25519_BYTES>
        plain; // without the bit that carries the key's sign
    std::ranges::copy(signature, reinterpret_cast<std::byte*>(plain.data()));
    const std::size_t sign = plain[63] >> 7U;
    plain[63] &= 0x7f;
    return crypto_sign_ed25519_verify_detached(plain.data(), in(message), message.size(),
                                               edwards_[sign].data()) == 0;
}

bool xeddsa_verify(BytesView montgomery_key, BytesView message, BytesView signature) {
    return montgomery_key.size() == 32 &&
           XeddsaVerifier{montgomery_key.first<32>()}.verify(message, signature);
}

} // namespace vestari::crypto
