// Whether cryptography runs in OpenSSL's FIPS provider, for `crypto.require_fips`.
//
// Errors      CryptoErrc::fips_not_active unless the provider is loaded, is the default for every fetch, and refuses MD5.
// Threads     any; call it once at start.
// Source      upstream/crypto.md, FIPS 140-3; Debian 12 ships no such provider.
#pragma once

#include "vestari/base/result.hpp"

namespace vestari::crypto {

[[nodiscard]] Result<> require_fips();

} // namespace vestari::crypto
