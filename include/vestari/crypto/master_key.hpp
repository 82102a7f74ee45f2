// The master key: where it comes from, and how a file of it is made.
//
//     {"v":1,"kek":"<base64 of 32 bytes>","id":"<name>"}
//
// The same text in a file, a systemd credential or a cloud secret; a provider per place, one reader for all.
//
// Invariants  the text stands in locked, wiped memory only; a file that group or others can touch is refused; a file that
//             exists is never overwritten.
// Threads     one owner.
// Errors      a CryptoErrc of its own for each thing that can be wrong; other faults of the disk come as the system's code.
// Source      SETTLED section 1; systemd.exec(5) LoadCredential.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::crypto {

struct MasterSecret {
    MasterKey key;
    std::string id; // names the version; not secret; 1 to 128 printable ASCII characters
};

class MasterKeyProvider {
public:
    MasterKeyProvider() = default;
    MasterKeyProvider(const MasterKeyProvider&) = delete;
    MasterKeyProvider& operator=(const MasterKeyProvider&) = delete;
    virtual ~MasterKeyProvider() = default;
    [[nodiscard]] virtual Result<MasterSecret> load() = 0;
};

class FileProvider final : public MasterKeyProvider {
public:
    explicit FileProvider(std::filesystem::path path) : path_{std::move(path)} {}
    [[nodiscard]] Result<MasterSecret> load() override;

private:
    std::filesystem::path path_;
};

// $CREDENTIALS_DIRECTORY/NAME, as systemd sets it up for a unit with LoadCredential= or LoadCredentialEncrypted=.
class CredentialProvider final : public MasterKeyProvider {
public:
    explicit CredentialProvider(std::string name); // the directory is read from the environment
    CredentialProvider(std::string name, std::filesystem::path directory)
        : name_{std::move(name)}, directory_{std::move(directory)} {}
    [[nodiscard]] Result<MasterSecret> load() override;

private:
    std::string name_;
    std::filesystem::path directory_; // empty when systemd gave none
};

// The reader behind all providers. The caller wipes `json`.
[[nodiscard]] Result<MasterSecret> parse_master_secret(BytesView json);

// Makes a fresh master key in a new file, mode 0600, synced with its folder. `id` empty: "local-" and 8 random digits.
[[nodiscard]] Result<> create_master_key_file(const std::filesystem::path& path,
                                              std::string_view id = {});

} // namespace vestari::crypto
