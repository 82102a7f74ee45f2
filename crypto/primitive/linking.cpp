#include "vestari/crypto/linking.hpp"

#include <openssl/evp.h>

#include "crypto/primitive/openssl.hpp"
#include "vestari/base/check.hpp"

namespace vestari::crypto {

using openssl::in;
using openssl::require;

void pbkdf2_sha256(BytesView password, BytesView salt, std::uint32_t iterations,
                   std::span<std::byte> out) {
    require(PKCS5_PBKDF2_HMAC(
                reinterpret_cast<const char*>(password.data()), static_cast<int>(password.size()),
                in(salt), static_cast<int>(salt.size()), static_cast<int>(iterations),
                openssl::sha256(), static_cast<int>(out.size()), openssl::out(out)) == 1,
            "PKCS5_PBKDF2_HMAC");
}

void aes_256_ctr(std::span<const std::byte, 32> key, std::span<const std::byte, 16> iv,
                 BytesView from, std::span<std::byte> out) {
    VESTARI_CHECK(from.size() == out.size());
    const openssl::Cipher cipher{EVP_CIPHER_fetch(nullptr, "AES-256-CTR", nullptr)};
    const openssl::CipherCtx ctx{EVP_CIPHER_CTX_new()}; // freeing it wipes the key
    int written = 0;
    require(cipher && ctx &&
                EVP_EncryptInit_ex2(ctx.get(), cipher.get(), in(key), in(iv), nullptr) == 1 &&
                EVP_EncryptUpdate(ctx.get(), openssl::out(out), &written, in(from),
                                  static_cast<int>(from.size())) == 1 &&
                static_cast<std::size_t>(written) == from.size(),
            "AES-256-CTR");
}

std::array<std::byte, 16> md5(BytesView data) {
    // A context of its own: under FIPS the process's own one has no MD5, and this is no use of cryptography.
    using LibraryContext = std::unique_ptr<OSSL_LIB_CTX, openssl::Freed<OSSL_LIB_CTX_free>>;
    const LibraryContext library{OSSL_LIB_CTX_new()};
    const openssl::Md algorithm{EVP_MD_fetch(library.get(), "MD5", nullptr)};
    std::array<std::byte, 16> digest;
    require(algorithm && EVP_Digest(data.data(), data.size(), openssl::out(digest), nullptr,
                                    algorithm.get(), nullptr) == 1,
            "MD5");
    return digest;
}

} // namespace vestari::crypto
