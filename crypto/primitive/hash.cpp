#include "vestari/crypto/hash.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include "crypto/primitive/openssl.hpp"
#include "vestari/crypto/error.hpp"

namespace vestari::crypto {

using openssl::in;
using openssl::require;

namespace {

void digest_final(EVP_MD_CTX* ctx, Digest& digest) {
    require(EVP_DigestFinal_ex(ctx, openssl::out(digest), nullptr) == 1, "EVP_DigestFinal_ex");
}

EVP_MD_CTX* begin_digest(const openssl::MdCtx& ctx) {
    require(ctx != nullptr, "EVP_MD_CTX_new");
    require(EVP_DigestInit_ex2(ctx.get(), openssl::sha256(), nullptr) == 1, "EVP_DigestInit_ex2");
    return ctx.get();
}

// An empty key is a key: OpenSSL takes a null pointer as "keep the old one".
void set_key(EVP_MAC_CTX* ctx, BytesView key) {
    static constexpr unsigned char nothing = 0;
    const unsigned char* bytes = key.empty() ? &nothing : in(key);
    require(EVP_MAC_init(ctx, bytes, key.size(), nullptr) == 1, "EVP_MAC_init");
}

void mac_update(EVP_MAC_CTX* ctx, BytesView data) {
    require(EVP_MAC_update(ctx, in(data), data.size()) == 1, "EVP_MAC_update");
}

Digest mac_final(EVP_MAC_CTX* ctx) {
    Digest digest;
    std::size_t length = 0;
    require(EVP_MAC_final(ctx, openssl::out(digest), &length, digest.size()) == 1 &&
                length == digest.size(),
            "EVP_MAC_final");
    return digest;
}

// One context per thread. Between calls it holds a key of zeros, so that no key of ours outlives its call.
class ThreadMac {
public:
    ThreadMac() : ctx_{openssl::new_hmac_sha256()} {}

    template <class Parts> Digest operator()(BytesView key, const Parts& parts) {
        struct Forget {
            EVP_MAC_CTX* ctx;
            ~Forget() { // a failure here leaves the key to the next call, which sets its own
                static constexpr unsigned char zeros[32] = {};
                EVP_MAC_init(ctx, zeros, sizeof zeros, nullptr);
            }
        } const forget{ctx_.get()};
        set_key(ctx_.get(), key);
        for (const BytesView part : parts) {
            mac_update(ctx_.get(), part);
        }
        return mac_final(ctx_.get());
    }

private:
    openssl::MacCtx ctx_;
};

ThreadMac& thread_mac() {
    thread_local ThreadMac mac;
    return mac;
}

} // namespace

Digest sha256(BytesView data) {
    thread_local const openssl::MdCtx ctx{EVP_MD_CTX_new()};
    EVP_MD_CTX* md = begin_digest(ctx);
    Digest digest;
    require(EVP_DigestUpdate(md, data.data(), data.size()) == 1, "EVP_DigestUpdate");
    digest_final(md, digest);
    return digest;
}

Digest hmac_sha256(BytesView key, BytesView data) { return thread_mac()(key, std::array{data}); }

Digest hmac_sha256(BytesView key, std::initializer_list<BytesView> parts) {
    return thread_mac()(key, parts);
}

Result<> hkdf_sha256(BytesView ikm, BytesView salt, BytesView info, std::span<std::byte> out) {
    if (out.size() > max_hkdf_bytes) {
        return CryptoErrc::output_too_long;
    }
    if (out.empty()) {
        return {};
    }
    const openssl::KdfCtx ctx{
        EVP_KDF_CTX_new(openssl::hkdf())}; // wipes its copy of the key when it is freed
    require(ctx != nullptr, "EVP_KDF_CTX_new");
    char name[] = "SHA256";
    unsigned char nothing = 0; // OpenSSL wants a pointer for an empty string too
    const auto octets = [&nothing](const char* key, BytesView bytes) {
        // The parameter is read only; OSSL_PARAM has no constant form.
        auto* data = bytes.empty() ? &nothing : const_cast<unsigned char*>(in(bytes));
        return OSSL_PARAM_construct_octet_string(key, data, bytes.size());
    };
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name, 0),
                                 octets(OSSL_KDF_PARAM_KEY, ikm), octets(OSSL_KDF_PARAM_SALT, salt),
                                 octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
    require(EVP_KDF_derive(ctx.get(), openssl::out(out), out.size(), params) == 1,
            "EVP_KDF_derive");
    return {};
}

Result<Bytes> hkdf_sha256(BytesView ikm, BytesView salt, BytesView info, std::size_t length) {
    if (length > max_hkdf_bytes) {
        return CryptoErrc::output_too_long;
    }
    Bytes out(length);
    if (const Result<> derived = hkdf_sha256(ikm, salt, info, std::span{out}); !derived) {
        return derived.error();
    }
    return out;
}

bool constant_time_equal(BytesView a, BytesView b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

struct Sha256::State {
    openssl::MdCtx ctx{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_{std::make_unique<State>()} { begin_digest(state_->ctx); }
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(BytesView data) {
    require(EVP_DigestUpdate(state_->ctx.get(), data.data(), data.size()) == 1, "EVP_DigestUpdate");
}

Digest Sha256::finish() {
    Digest digest;
    digest_final(state_->ctx.get(), digest);
    begin_digest(state_->ctx);
    return digest;
}

struct Hmac::State {
    openssl::MacCtx ctx = openssl::new_hmac_sha256();
};

Hmac::Hmac(BytesView key) : state_{std::make_unique<State>()} { set_key(state_->ctx.get(), key); }
Hmac::Hmac(Hmac&&) noexcept = default;
Hmac& Hmac::operator=(Hmac&&) noexcept = default;
Hmac::~Hmac() = default;

void Hmac::update(BytesView data) { mac_update(state_->ctx.get(), data); }

Digest Hmac::finish() {
    const Digest digest = mac_final(state_->ctx.get());
    require(EVP_MAC_init(state_->ctx.get(), nullptr, 0, nullptr) == 1, "EVP_MAC_init");
    return digest;
}

} // namespace vestari::crypto
