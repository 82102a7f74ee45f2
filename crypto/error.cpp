#include "vestari/crypto/error.hpp"

namespace vestari::crypto {

std::string_view describe(CryptoErrc error) noexcept {
    switch (error) {
    case CryptoErrc::wrong_key_or_tampered:
        return "the sealed value does not open: another key, another place, or altered bytes";
    case CryptoErrc::wrong_key_length: return "the key has a wrong length";
    case CryptoErrc::output_too_long: return "HKDF gives at most 8160 bytes";
    case CryptoErrc::weak_public_key:
        return "the peer's public key is weak: the shared secret would be zero";
    case CryptoErrc::unknown_key_version: return "the account has no key of this version";
    case CryptoErrc::seal_limit:
        return "the key has made 2^31 seals, its limit: rotate it before anything more is stored";
    case CryptoErrc::random_failed: return "the system gives no random bytes";
    case CryptoErrc::other_master_key:
        return "the archive was made with a master key of another id: give the key file that names "
               "that id";
    case CryptoErrc::account_keys_not_opened:
        return "the master key has the right id but does not open the account's keys: the key file "
               "is not the original, "
               "or the archive's key record was altered; restore either from a backup";
    case CryptoErrc::account_record_malformed:
        return "the archive's key record is incomplete or doubled: restore it from a backup";
    case CryptoErrc::key_file_missing:
        return "the master key file does not exist: check master_key.path, or restore the file "
               "from its backup";
    case CryptoErrc::key_file_unreadable:
        return "the master key file cannot be opened by this user: it must belong to the user that "
               "runs ingest";
    case CryptoErrc::key_file_not_regular: return "the master key's path is not a regular file";
    case CryptoErrc::key_file_readable_by_others:
        return "the master key file is open to group or others: run chmod 600 on it, and think "
               "about who may have read it";
    case CryptoErrc::key_file_malformed:
        return "the master key is not of the form "
               "{\"v\":1,\"kek\":\"<base64>\",\"id\":\"<name>\"}: restore it from its backup";
    case CryptoErrc::key_file_newer:
        return "the master key has a format version that this program does not know: update the "
               "program";
    case CryptoErrc::key_not_32_bytes:
        return "the master key is not 32 bytes long: restore it from its backup";
    case CryptoErrc::key_file_exists:
        return "there is a file already where the master key should go: it is never overwritten; "
               "choose another path";
    case CryptoErrc::key_name_bad:
        return "a master key's id or a credential's name is 1 to 128 printable characters without "
               "spaces, quotes, slashes";
    case CryptoErrc::no_credentials_directory:
        return "CREDENTIALS_DIRECTORY is not set: start the program by its systemd unit, with "
               "LoadCredential= in it";
    case CryptoErrc::credential_missing:
        return "systemd passed no credential of this name: compare master_key.credential with "
               "LoadCredential= of the unit";
    case CryptoErrc::fips_not_active:
        return "crypto.require_fips is set and OpenSSL's FIPS provider is not active: install it, "
               "or clear the switch";
    case CryptoErrc::nonces_used_up:
        return "the connection's key has encrypted 2^32 values, its limit: connect anew";
    }
    return "unknown cryptography error";
}

} // namespace vestari::crypto
