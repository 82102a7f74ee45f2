// For tests of what stands on the session database: secrets, and a database in a folder that goes away again.
#pragma once

#include "bridge/store/session_database.hpp"
#include "tests/support/temporary_folder.hpp"

namespace vestari::test {

// The same for the same seed: bytes that repeat it.
inline store::SessionSecrets secrets(unsigned char seed = 1) {
    std::array<std::byte, 32> bytes{};
    bytes.fill(std::byte{seed});
    crypto::AccountId account{};
    account.fill(std::byte{seed});
    store::SessionSecrets made{account, {}, crypto::IndexKey::from(bytes).value()};
    made.session_keys.emplace(1, crypto::SessionKey::from(bytes).value());
    return made;
}

// A database of its own in a folder of its own.
struct Sessions {
    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "session.db";
    std::unique_ptr<store::SessionDatabase> database =
        store::SessionDatabase::open(file, secrets()).value();

    store::SessionDatabase& operator*() { return *database; }
    void reopen() {
        database.reset();
        database = store::SessionDatabase::open(file, secrets()).value();
    }
};

inline TimePoint at(std::int64_t seconds) { return TimePoint{std::chrono::seconds{seconds}}; }

} // namespace vestari::test
