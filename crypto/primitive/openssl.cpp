#include "crypto/primitive/openssl.hpp"

#include <stdexcept>
#include <string>

#include <openssl/core_names.h>
#include <openssl/params.h>

namespace vestari::crypto::openssl {

void require(bool ok, const char* what) {
    if (!ok) {
        throw std::runtime_error{std::string{"OpenSSL: "} + what + " failed"};
    }
}

namespace {

template <class Owner> Owner fetched(Owner owner, const char* what) {
    require(owner != nullptr, what);
    return owner;
}

} // namespace

const EVP_CIPHER* aes_256_gcm() {
    static const Cipher cipher =
        fetched(Cipher{EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)}, "EVP_CIPHER_fetch");
    return cipher.get();
}

const EVP_MD* sha256() {
    static const Md md = fetched(Md{EVP_MD_fetch(nullptr, "SHA256", nullptr)}, "EVP_MD_fetch");
    return md.get();
}

EVP_MAC* hmac() {
    static const Mac mac = fetched(Mac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)}, "EVP_MAC_fetch");
    return mac.get();
}

EVP_KDF* hkdf() {
    static const Kdf kdf = fetched(Kdf{EVP_KDF_fetch(nullptr, "HKDF", nullptr)}, "EVP_KDF_fetch");
    return kdf.get();
}

MacCtx new_hmac_sha256() {
    MacCtx ctx = fetched(MacCtx{EVP_MAC_CTX_new(hmac())}, "EVP_MAC_CTX_new");
    char name[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                 OSSL_PARAM_construct_end()};
    require(EVP_MAC_CTX_set_params(ctx.get(), params) == 1, "EVP_MAC_CTX_set_params");
    return ctx;
}

} // namespace vestari::crypto::openssl
