#include "bridge/signal/context.hpp"

#include <mutex>
#include <stdexcept>
#include <vector>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "vestari/crypto/secret.hpp"

namespace vestari::signal {

namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t block_bytes = 16;
constexpr std::size_t sha256_bytes = 32;
constexpr std::size_t sha512_bytes = 64;

using Cipher = std::unique_ptr<EVP_CIPHER, Freed<EVP_CIPHER_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC, Freed<EVP_MAC_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Freed<EVP_MAC_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD, Freed<EVP_MD_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

template <class Handle> Handle started(Handle handle) {
    if (!handle) {
        throw std::runtime_error{"OpenSSL lacks an algorithm that Signal needs"};
    }
    return handle;
}

// What the callbacks work on. HMACs are most calls, so their contexts are made once and used again.
struct Provider {
    std::recursive_mutex lock;
    Mac hmac = started(Mac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)});
    Cipher cbc = started(Cipher{EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr)});
    Cipher ctr = started(Cipher{EVP_CIPHER_fetch(nullptr, "AES-256-CTR", nullptr)});
    Digest sha512 = started(Digest{EVP_MD_fetch(nullptr, "SHA512", nullptr)});
    CipherContext cipher = started(CipherContext{EVP_CIPHER_CTX_new()});
    std::vector<MacContext> idle;

    MacContext hmac_sha256() {
        if (!idle.empty()) {
            MacContext mac = std::move(idle.back());
            idle.pop_back();
            return mac;
        }
        MacContext mac{EVP_MAC_CTX_new(hmac.get())};
        char name[] = "SHA256";
        const OSSL_PARAM params[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
            OSSL_PARAM_construct_end()};
        if (mac && EVP_MAC_CTX_set_params(mac.get(), params) != 1) {
            mac.reset();
        }
        return mac;
    }

    // Decrypts into `to`, which has room for the ciphertext and a block; the plaintext's length, or -1.
    int decrypt(const EVP_CIPHER* algorithm, BytesView key, BytesView iv, BytesView ciphertext,
                std::uint8_t* to) noexcept {
        int first = 0;
        int last = 0;
        const bool ok =
            ciphertext.size() <= static_cast<std::size_t>(INT32_MAX) - block_bytes &&
            EVP_DecryptInit_ex2(cipher.get(), algorithm, raw(key), raw(iv), nullptr) == 1 &&
            EVP_DecryptUpdate(cipher.get(), to, &first, raw(ciphertext),
                              static_cast<int>(ciphertext.size())) == 1 &&
            EVP_DecryptFinal_ex(cipher.get(), to + first, &last) == 1;
        EVP_CIPHER_CTX_reset(cipher.get()); // no key stays behind
        return ok ? first + last : -1;
    }
};

Provider& provider(void* user_data) noexcept { return *static_cast<Provider*>(user_data); }

BytesView bytes(const std::uint8_t* data, std::size_t size) noexcept {
    return {reinterpret_cast<const std::byte*>(data), size};
}

int random(std::uint8_t* data, std::size_t size, void*) noexcept {
    return size <= INT32_MAX && RAND_bytes(data, static_cast<int>(size)) == 1 ? SG_SUCCESS
                                                                              : SG_ERR_UNKNOWN;
}

int hmac_start(void** context, const std::uint8_t* key, std::size_t size,
               void* user_data) noexcept {
    try {
        MacContext mac = provider(user_data).hmac_sha256();
        if (!mac || EVP_MAC_init(mac.get(), key, size, nullptr) != 1) {
            return SG_ERR_UNKNOWN;
        }
        *context = mac.release();
        return SG_SUCCESS;
    } catch (...) {
        return SG_ERR_NOMEM;
    }
}

int hmac_update(void* context, const std::uint8_t* data, std::size_t size, void*) noexcept {
    return EVP_MAC_update(static_cast<EVP_MAC_CTX*>(context), data, size) == 1 ? SG_SUCCESS
                                                                               : SG_ERR_UNKNOWN;
}

int hmac_finish(void* context, signal_buffer** output, void*) noexcept {
    std::uint8_t digest[sha256_bytes];
    std::size_t size = 0;
    if (EVP_MAC_final(static_cast<EVP_MAC_CTX*>(context), digest, &size, sizeof digest) != 1) {
        return SG_ERR_UNKNOWN;
    }
    *output = signal_buffer_create(digest, size);
    crypto::wipe(std::as_writable_bytes(std::span{digest}));
    return *output != nullptr ? SG_SUCCESS : SG_ERR_NOMEM;
}

void hmac_clean_up(void* context, void* user_data) noexcept {
    MacContext mac{static_cast<EVP_MAC_CTX*>(context)};
    try {
        provider(user_data).idle.push_back(std::move(mac)); // the next key overwrites this one
    } catch (...) { // NOLINT(bugprone-empty-catch): freed instead
    }
}

int sha512_start(void** context, void* user_data) noexcept {
    DigestContext digest{EVP_MD_CTX_new()};
    if (!digest ||
        EVP_DigestInit_ex2(digest.get(), provider(user_data).sha512.get(), nullptr) != 1) {
        return SG_ERR_UNKNOWN;
    }
    *context = digest.release();
    return SG_SUCCESS;
}

int sha512_update(void* context, const std::uint8_t* data, std::size_t size, void*) noexcept {
    return EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context), data, size) == 1 ? SG_SUCCESS
                                                                                : SG_ERR_UNKNOWN;
}

int sha512_finish(void* context, signal_buffer** output, void* user_data) noexcept {
    std::uint8_t digest[sha512_bytes];
    unsigned size = 0;
    auto* state = static_cast<EVP_MD_CTX*>(context);
    if (EVP_DigestFinal_ex(state, digest, &size) != 1 ||
        EVP_DigestInit_ex2(state, provider(user_data).sha512.get(), nullptr) !=
            1) { // ready to be used again
        return SG_ERR_UNKNOWN;
    }
    *output = signal_buffer_create(digest, size);
    return *output != nullptr ? SG_SUCCESS : SG_ERR_NOMEM;
}

void sha512_clean_up(void* context, void*) noexcept {
    DigestContext{static_cast<EVP_MD_CTX*>(context)}.reset();
}

int refuse_to_encrypt(signal_buffer**, int, const std::uint8_t*, std::size_t, const std::uint8_t*,
                      std::size_t, const std::uint8_t*, std::size_t, void*) noexcept {
    return SG_ERR_INVAL; // this device reads
}

int decrypt(signal_buffer** output, int cipher, const std::uint8_t* key, std::size_t key_size,
            const std::uint8_t* iv, std::size_t iv_size, const std::uint8_t* data, std::size_t size,
            void* user_data) noexcept {
    Provider& own = provider(user_data);
    const EVP_CIPHER* algorithm = cipher == SG_CIPHER_AES_CBC_PKCS5       ? own.cbc.get()
                                  : cipher == SG_CIPHER_AES_CTR_NOPADDING ? own.ctr.get()
                                                                          : nullptr;
    if (algorithm == nullptr || key_size != key_bytes || iv_size != block_bytes) {
        return SG_ERR_INVAL;
    }
    const SignalBuffer room{signal_buffer_alloc(size + block_bytes)};
    if (!room) {
        return SG_ERR_NOMEM;
    }
    const int plain = own.decrypt(algorithm, bytes(key, key_size), bytes(iv, iv_size),
                                  bytes(data, size), signal_buffer_data(room.get()));
    if (plain < 0) {
        return SG_ERR_INVALID_MESSAGE;
    }
    *output = signal_buffer_n_copy(room.get(), static_cast<std::size_t>(plain));
    return *output != nullptr ? SG_SUCCESS : SG_ERR_NOMEM;
}

void lock(void* user_data) { provider(user_data).lock.lock(); }
void unlock(void* user_data) { provider(user_data).lock.unlock(); }

} // namespace

struct Context::Parts {
    Provider provider;
    std::unique_ptr<signal_context, Freed<signal_context_destroy>> context;
};

Context::Context() : parts_{std::make_unique<Parts>()} {
    signal_context* made = nullptr;
    if (signal_context_create(&made, &parts_->provider) != SG_SUCCESS) {
        throw std::runtime_error{"the Signal library cannot start"};
    }
    parts_->context.reset(made);
    const signal_crypto_provider callbacks{
        random,          hmac_start,        hmac_update,   hmac_finish,
        hmac_clean_up,   sha512_start,      sha512_update, sha512_finish,
        sha512_clean_up, refuse_to_encrypt, decrypt,       &parts_->provider};
    if (signal_context_set_crypto_provider(made, &callbacks) != SG_SUCCESS ||
        signal_context_set_locking_functions(made, lock, unlock) != SG_SUCCESS) {
        throw std::runtime_error{"the Signal library refuses its callbacks"};
    }
}

Context::~Context() = default;

signal_context* Context::get() const noexcept { return parts_->context.get(); }

Result<Bytes> Context::decrypt_cbc(BytesView key, BytesView iv, BytesView ciphertext) {
    if (key.size() != key_bytes || iv.size() != block_bytes || ciphertext.empty()) {
        return SignalErrc::invalid_message;
    }
    Bytes plain(ciphertext.size() + block_bytes);
    const int size = parts_->provider.decrypt(parts_->provider.cbc.get(), key, iv, ciphertext,
                                              reinterpret_cast<std::uint8_t*>(plain.data()));
    if (size < 0) {
        crypto::wipe(plain);
        return SignalErrc::invalid_message;
    }
    plain.resize(static_cast<std::size_t>(size));
    return plain;
}

} // namespace vestari::signal
