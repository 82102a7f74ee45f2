#include "tests/synth/sender/provider.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace vestari::synth {

namespace {

using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;

int fill_random(std::uint8_t* data, std::size_t length, void* user) noexcept {
    static_cast<Random*>(user)->fill({reinterpret_cast<std::byte*>(data), length});
    return 0;
}

// HMAC: the key and what was fed are held until the end; the inputs are short.
struct Mac {
    Bytes key;
    Bytes fed;
};

int mac_init(void** context, const std::uint8_t* key, std::size_t length, void*) noexcept {
    *context = new Mac{to_bytes(BytesView{reinterpret_cast<const std::byte*>(key), length}), {}};
    return 0;
}

int mac_update(void* context, const std::uint8_t* data, std::size_t length, void*) noexcept {
    append(static_cast<Mac*>(context)->fed, {reinterpret_cast<const std::byte*>(data), length});
    return 0;
}

int mac_final(void* context, signal_buffer** output, void*) noexcept {
    const Mac& mac = *static_cast<Mac*>(context);
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (HMAC(EVP_sha256(), mac.key.data(), static_cast<int>(mac.key.size()), data_of(mac.fed),
             mac.fed.size(), digest.data(), &length) == nullptr) {
        return SG_ERR_UNKNOWN;
    }
    *output = signal_buffer_create(digest.data(), length);
    return 0;
}

void mac_cleanup(void* context, void*) noexcept { delete static_cast<Mac*>(context); }

int sha512_init(void** context, void*) noexcept {
    Digest digest{EVP_MD_CTX_new()};
    if (EVP_DigestInit_ex(digest.get(), EVP_sha512(), nullptr) != 1) {
        return SG_ERR_UNKNOWN;
    }
    *context = digest.release();
    return 0;
}

int sha512_update(void* context, const std::uint8_t* data, std::size_t length, void*) noexcept {
    return EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context), data, length) == 1 ? 0
                                                                                  : SG_ERR_UNKNOWN;
}

int sha512_final(void* context, signal_buffer** output, void*) noexcept {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    auto* const md = static_cast<EVP_MD_CTX*>(context);
    if (EVP_DigestFinal_ex(md, digest.data(), &length) != 1 ||
        EVP_DigestInit_ex(md, EVP_sha512(), nullptr) != 1) {
        return SG_ERR_UNKNOWN;
    }
    *output = signal_buffer_create(digest.data(), length);
    return 0;
}

void sha512_cleanup(void* context, void*) noexcept {
    EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context));
}

enum class Direction { decrypt = 0, encrypt = 1 };

struct Aes {
    int mode;
    BytesView key;
    BytesView iv;
    BytesView input;
};

int aes(Direction direction, const Aes& job, signal_buffer** output) {
    if (job.key.size() != 32 || job.iv.size() != 16 || job.mode != SG_CIPHER_AES_CBC_PKCS5) {
        return SG_ERR_INVAL;
    }
    const Cipher cipher{EVP_CIPHER_CTX_new()};
    std::vector<std::uint8_t> out(job.input.size() + 32);
    int first = 0;
    int last = 0;
    if (EVP_CipherInit_ex(cipher.get(), EVP_aes_256_cbc(), nullptr, data_of(job.key),
                          data_of(job.iv), static_cast<int>(direction)) != 1 ||
        EVP_CipherUpdate(cipher.get(), out.data(), &first, data_of(job.input),
                         static_cast<int>(job.input.size())) != 1 ||
        EVP_CipherFinal_ex(cipher.get(), out.data() + first, &last) != 1) {
        return SG_ERR_UNKNOWN;
    }
    *output = signal_buffer_create(out.data(), static_cast<std::size_t>(first + last));
    return 0;
}

BytesView view(const std::uint8_t* data, std::size_t length) {
    return {reinterpret_cast<const std::byte*>(data), length};
}

int aes_encrypt(signal_buffer** output, int mode, const std::uint8_t* key, std::size_t key_length,
                const std::uint8_t* iv, std::size_t iv_length, const std::uint8_t* text,
                std::size_t length, void*) noexcept {
    return aes(Direction::encrypt,
               {mode, view(key, key_length), view(iv, iv_length), view(text, length)}, output);
}

int aes_decrypt(signal_buffer** output, int mode, const std::uint8_t* key, std::size_t key_length,
                const std::uint8_t* iv, std::size_t iv_length, const std::uint8_t* text,
                std::size_t length, void*) noexcept {
    return aes(Direction::decrypt,
               {mode, view(key, key_length), view(iv, iv_length), view(text, length)}, output);
}

} // namespace

SignalContext::SignalContext(std::uint64_t seed) : random_{seed} {
    signal_context* raw = nullptr;
    VESTARI_CHECK(signal_context_create(&raw, nullptr) == SG_SUCCESS);
    context_.reset(raw);
    const signal_crypto_provider provider{
        .random_func = fill_random,
        .hmac_sha256_init_func = mac_init,
        .hmac_sha256_update_func = mac_update,
        .hmac_sha256_final_func = mac_final,
        .hmac_sha256_cleanup_func = mac_cleanup,
        .sha512_digest_init_func = sha512_init,
        .sha512_digest_update_func = sha512_update,
        .sha512_digest_final_func = sha512_final,
        .sha512_digest_cleanup_func = sha512_cleanup,
        .encrypt_func = aes_encrypt,
        .decrypt_func = aes_decrypt,
        .user_data = &random_,
    };
    VESTARI_CHECK(signal_context_set_crypto_provider(raw, &provider) == SG_SUCCESS);
}

} // namespace vestari::synth
