// What can be wrong with keys, sealed values and key files, in words a person can act on.
//
// Invariants  every failure to open a sealed value is the one code `wrong_key_or_tampered`: an attacker learns nothing from
//             which check failed. Faults of the operator's (key files) have a code each.
// Threads     values.
#pragma once

#include <string_view>

#include "vestari/base/result.hpp"

namespace vestari::crypto {

enum class CryptoErrc {
    wrong_key_or_tampered = 1,
    wrong_key_length,
    output_too_long,
    weak_public_key,
    unknown_key_version,
    seal_limit,
    random_failed,
    other_master_key,
    account_keys_not_opened,
    account_record_malformed,
    key_file_missing,
    key_file_unreadable,
    key_file_not_regular,
    key_file_readable_by_others,
    key_file_malformed,
    key_file_newer,
    key_not_32_bytes,
    key_file_exists,
    key_name_bad,
    no_credentials_directory,
    credential_missing,
    fips_not_active,
    nonces_used_up,
};

std::string_view describe(CryptoErrc error) noexcept;
inline ErrorCode make_error_code(CryptoErrc e) noexcept {
    return make_code(e, category_of<CryptoErrc>("crypto"));
}

} // namespace vestari::crypto

template <>
struct boost::system::is_error_code_enum<vestari::crypto::CryptoErrc> : std::true_type {};
