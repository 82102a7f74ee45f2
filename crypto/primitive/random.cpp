#include "vestari/crypto/random.hpp"

#include <boost/system/system_error.hpp>
#include <openssl/rand.h>

#include "crypto/primitive/openssl.hpp"
#include "vestari/base/check.hpp"
#include "vestari/crypto/error.hpp"

namespace vestari::crypto {

namespace {

constexpr std::size_t max_random_bytes = std::size_t{1}
                                         << 20U; // nothing of ours needs more at once

void require_random(int rc) {
    if (rc != 1) {
        throw boost::system::system_error{make_error_code(CryptoErrc::random_failed)};
    }
}

} // namespace

void fill_random(std::span<std::byte> out) {
    VESTARI_CHECK(out.size() <= max_random_bytes);
    require_random(RAND_bytes(openssl::out(out), static_cast<int>(out.size())));
}

void fill_random_private(std::span<std::byte> out) {
    VESTARI_CHECK(out.size() <= max_random_bytes);
    require_random(RAND_priv_bytes(openssl::out(out), static_cast<int>(out.size())));
}

} // namespace vestari::crypto
