#include "vestari/crypto/aead.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>

#include "crypto/primitive/gcm.hpp"
#include "crypto/primitive/openssl.hpp"
#include "vestari/base/check.hpp"
#include "vestari/crypto/error.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::crypto {

using openssl::in;
using openssl::require;

namespace {

// This thread's context, reset on the way out: the reset wipes the key schedule.
class Operation {
public:
    Operation() : ctx_{thread_context()} {}
    Operation(const Operation&) = delete;
    Operation& operator=(const Operation&) = delete;
    ~Operation() { EVP_CIPHER_CTX_reset(ctx_); }
    EVP_CIPHER_CTX* get() const noexcept { return ctx_; }

private:
    static EVP_CIPHER_CTX* thread_context() {
        thread_local const openssl::CipherCtx ctx{EVP_CIPHER_CTX_new()};
        require(ctx != nullptr, "EVP_CIPHER_CTX_new");
        return ctx.get();
    }
    EVP_CIPHER_CTX* ctx_;
};

int length_of(BytesView bytes) {
    VESTARI_CHECK(bytes.size() <= max_aead_bytes);
    return static_cast<int>(bytes.size());
}

bool begin_open(EVP_CIPHER_CTX* ctx, const EVP_CIPHER* cipher, const gcm::Input& input) {
    if (EVP_CIPHER_get_key_length(cipher) != length_of(input.key)) {
        return false;
    }
    if (input.nonce.size() == aead_nonce_bytes) {
        return EVP_DecryptInit_ex2(ctx, cipher, in(input.key), in(input.nonce), nullptr) == 1;
    }
    std::size_t length = input.nonce.size();
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_size_t(OSSL_CIPHER_PARAM_AEAD_IVLEN, &length),
                                 OSSL_PARAM_construct_end()};
    return EVP_DecryptInit_ex2(ctx, cipher, in(input.key), nullptr, params) == 1 &&
           EVP_DecryptInit_ex2(ctx, nullptr, nullptr, in(input.nonce), nullptr) == 1;
}

bool opens(EVP_CIPHER_CTX* ctx, const EVP_CIPHER* cipher, const gcm::Input& input,
           std::span<std::byte> plain) {
    std::array<std::byte, aead_tag_bytes> tag; // the setter takes no constant
    std::ranges::copy(input.tag, tag.begin());
    unsigned char nothing[1]; // where the final call of an empty value may point
    unsigned char* to = plain.empty() ? nothing : openssl::out(plain);
    int written = 0;
    return begin_open(ctx, cipher, input) &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()),
                               tag.data()) == 1 &&
           (input.aad.empty() ||
            EVP_DecryptUpdate(ctx, nullptr, &written, in(input.aad), length_of(input.aad)) == 1) &&
           (plain.empty() || EVP_DecryptUpdate(ctx, to, &written, in(input.ciphertext),
                                               length_of(input.ciphertext)) == 1) &&
           EVP_DecryptFinal_ex(ctx, to, &written) == 1;
}

} // namespace

Result<> gcm::open(const EVP_CIPHER* cipher, const Input& input, std::span<std::byte> plain) {
    VESTARI_CHECK(plain.size() == input.ciphertext.size());
    const Operation operation;
    if (!opens(operation.get(), cipher, input, plain)) {
        wipe(plain);
        ERR_clear_error(); // a refused value is no failure of OpenSSL's for others to find in the queue
        return CryptoErrc::wrong_key_or_tampered;
    }
    return {};
}

void gcm::seal(std::span<const std::byte, 32> key, std::span<const std::byte, 12> nonce,
               BytesView aad, BytesView plain, std::span<std::byte> out) {
    VESTARI_CHECK(out.size() == plain.size() + aead_tag_bytes);
    const Operation operation;
    EVP_CIPHER_CTX* ctx = operation.get();
    unsigned char* body = openssl::out(out);
    int written = 0;
    require(EVP_EncryptInit_ex2(ctx, openssl::aes_256_gcm(), in(key), in(nonce), nullptr) == 1,
            "EVP_EncryptInit_ex2");
    if (!aad.empty()) {
        require(EVP_EncryptUpdate(ctx, nullptr, &written, in(aad), length_of(aad)) == 1,
                "EVP_EncryptUpdate");
    }
    if (!plain.empty()) {
        require(EVP_EncryptUpdate(ctx, body, &written, in(plain), length_of(plain)) == 1,
                "EVP_EncryptUpdate");
    }
    unsigned char* tag = body + plain.size();
    require(EVP_EncryptFinal_ex(ctx, tag, &written) == 1, "EVP_EncryptFinal_ex");
    require(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, aead_tag_bytes, tag) == 1,
            "EVP_CIPHER_CTX_ctrl");
}

void aead_seal_into(AeadKeyView key, BytesView plain, BytesView aad, std::span<std::byte> out) {
    VESTARI_CHECK(out.size() == plain.size() + aead_overhead);
    const Operation operation;
    EVP_CIPHER_CTX* ctx = operation.get();
    unsigned char* nonce = openssl::out(out);
    unsigned char* body = nonce + aead_nonce_bytes;
    int written = 0;
    // No nonce given: the cipher makes one, 12 random bytes, when the first bytes arrive.
    require(EVP_EncryptInit_ex2(ctx, openssl::aes_256_gcm(), in(key), nullptr, nullptr) == 1,
            "EVP_EncryptInit_ex2");
    if (!aad.empty()) {
        require(EVP_EncryptUpdate(ctx, nullptr, &written, in(aad), length_of(aad)) == 1,
                "EVP_EncryptUpdate");
    }
    if (!plain.empty()) {
        require(EVP_EncryptUpdate(ctx, body, &written, in(plain), length_of(plain)) == 1,
                "EVP_EncryptUpdate");
    }
    unsigned char* tag = body + plain.size();
    require(EVP_EncryptFinal_ex(ctx, tag, &written) == 1, "EVP_EncryptFinal_ex");
    require(EVP_CIPHER_CTX_get_updated_iv(ctx, nonce, aead_nonce_bytes) == 1,
            "EVP_CIPHER_CTX_get_updated_iv");
    require(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, aead_tag_bytes, tag) == 1,
            "EVP_CIPHER_CTX_ctrl");
}

Bytes aead_seal(AeadKeyView key, BytesView plain, BytesView aad) {
    Bytes out(plain.size() + aead_overhead);
    aead_seal_into(key, plain, aad, out);
    return out;
}

Result<> aead_open_into(AeadKeyView key, BytesView sealed, BytesView aad,
                        std::span<std::byte> out) {
    if (sealed.size() != out.size() + aead_overhead || sealed.size() > max_aead_bytes) {
        return CryptoErrc::wrong_key_or_tampered;
    }
    return gcm::open(openssl::aes_256_gcm(),
                     {.key = key,
                      .nonce = sealed.first(aead_nonce_bytes),
                      .aad = aad,
                      .ciphertext = sealed.subspan(aead_nonce_bytes, out.size()),
                      .tag = sealed.last<aead_tag_bytes>()},
                     out);
}

Result<Bytes> aead_open(AeadKeyView key, BytesView sealed, BytesView aad) {
    if (sealed.size() < aead_overhead) {
        return CryptoErrc::wrong_key_or_tampered;
    }
    Bytes plain(sealed.size() - aead_overhead);
    if (const Result<> opened = aead_open_into(key, sealed, aad, plain); !opened) {
        return opened.error();
    }
    return plain;
}

} // namespace vestari::crypto
