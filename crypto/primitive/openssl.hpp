// OpenSSL's objects, owned from the line they exist; algorithms fetched once for the process.
//
// Threads     fetched algorithms are immutable and shared; contexts are not.
// Errors      `require` throws std::runtime_error: OpenSSL failing on inputs that we have checked is a failing machine.
#pragma once

#include <memory>

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include "vestari/base/bytes.hpp"

namespace vestari::crypto::openssl {

template <auto Free> struct Freed {
    template <class T> void operator()(T* p) const noexcept { Free(p); }
};
using Cipher = std::unique_ptr<EVP_CIPHER, Freed<EVP_CIPHER_free>>;
using CipherCtx = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using Md = std::unique_ptr<EVP_MD, Freed<EVP_MD_free>>;
using MdCtx = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC, Freed<EVP_MAC_free>>;
using MacCtx = std::unique_ptr<EVP_MAC_CTX, Freed<EVP_MAC_CTX_free>>;
using Kdf = std::unique_ptr<EVP_KDF, Freed<EVP_KDF_free>>;
using KdfCtx = std::unique_ptr<EVP_KDF_CTX, Freed<EVP_KDF_CTX_free>>;
using Bignum = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using BignumCtx = std::unique_ptr<BN_CTX, Freed<BN_CTX_free>>;

void require(bool ok, const char* what); // what: the name of the function that failed

const EVP_CIPHER* aes_256_gcm();
const EVP_MD* sha256();
EVP_MAC* hmac();
EVP_KDF* hkdf();
MacCtx new_hmac_sha256(); // with its digest set, without a key

inline const unsigned char* in(BytesView bytes) noexcept {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* out(std::span<std::byte> bytes) noexcept {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

} // namespace vestari::crypto::openssl
