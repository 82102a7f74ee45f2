#include "vestari/crypto/fips.hpp"

#include <openssl/err.h>
#include <openssl/provider.h>

#include "crypto/primitive/openssl.hpp"
#include "vestari/crypto/error.hpp"

namespace vestari::crypto {

Result<> require_fips() {
    const openssl::Md not_approved{EVP_MD_fetch(nullptr, "MD5", nullptr)};
    ERR_clear_error(); // the failing fetch is what we hope for
    if (EVP_default_properties_is_fips_enabled(nullptr) != 1 ||
        OSSL_PROVIDER_available(nullptr, "fips") != 1 || not_approved != nullptr) {
        return CryptoErrc::fips_not_active;
    }
    return {};
}

} // namespace vestari::crypto
