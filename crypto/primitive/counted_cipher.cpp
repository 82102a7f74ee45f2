#include "vestari/crypto/counted_cipher.hpp"

#include "crypto/primitive/gcm.hpp"
#include "crypto/primitive/nonce_counter.hpp"
#include "crypto/primitive/openssl.hpp"
#include "vestari/base/check.hpp"
#include "vestari/crypto/error.hpp"

namespace vestari::crypto {

struct CountedCipher::State {
    CountedKey key;
    NonceCounter nonces;
};

CountedCipher::CountedCipher(CountedKey key)
    : state_{std::make_unique<State>(std::move(key), NonceCounter{})} {}
CountedCipher::CountedCipher(CountedCipher&&) noexcept = default;
CountedCipher& CountedCipher::operator=(CountedCipher&&) noexcept = default;
CountedCipher::~CountedCipher() = default;

Result<> CountedCipher::seal_into(BytesView plain, BytesView aad, std::span<std::byte> out) {
    VESTARI_CHECK(state_ != nullptr); // moved from
    const Result<Nonce> nonce = state_->nonces.next();
    if (!nonce) {
        return nonce.error();
    }
    gcm::seal(state_->key.expose(), *nonce, aad, plain, out);
    return {};
}

Result<Bytes> CountedCipher::seal(BytesView plain, BytesView aad) {
    Bytes out(plain.size() + aead_tag_bytes);
    if (const Result<> sealed = seal_into(plain, aad, out); !sealed) {
        return sealed.error();
    }
    return out;
}

Result<Bytes> CountedCipher::open(BytesView sealed, BytesView aad) {
    VESTARI_CHECK(state_ != nullptr); // moved from
    if (sealed.size() < aead_tag_bytes || sealed.size() > max_aead_bytes) {
        return CryptoErrc::wrong_key_or_tampered;
    }
    const Result<Nonce> nonce = state_->nonces.next();
    if (!nonce) {
        return nonce.error();
    }
    Bytes plain(sealed.size() - aead_tag_bytes);
    const gcm::Input input{.key = state_->key.expose(),
                           .nonce = *nonce,
                           .aad = aad,
                           .ciphertext = sealed.first(plain.size()),
                           .tag = sealed.last<aead_tag_bytes>()};
    if (const Result<> opened = gcm::open(openssl::aes_256_gcm(), input, plain); !opened) {
        return opened.error();
    }
    return plain;
}

} // namespace vestari::crypto
