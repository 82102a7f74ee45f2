// Where a replay keeps its Signal state, and the keys that seal it.
//
// Invariants  one database per captured device: two devices share neither sessions nor prekeys. Without a folder the database lives in
//             a private temporary one that goes with this object.
// Errors      StoreErrc and CryptoErrc from open.
// Threads     one owner.
#pragma once

#include <filesystem>
#include <memory>

#include "bridge/replay/fixture.hpp"
#include "bridge/store/session_database.hpp"
#include "vestari/event/envelope.hpp"

namespace vestari::replay {

class Session {
public:
    // Wipes the keys in `keys` once they are taken over.
    [[nodiscard]] static Result<Session> open(const std::filesystem::path& folder,
                                              event::Keys& keys, const FixtureHeader& header);
    Session(Session&&) noexcept = default;
    Session& operator=(Session&&) = delete;
    ~Session();

    store::SessionDatabase& database() noexcept { return *database_; }

private:
    Session() = default;
    std::filesystem::path thrown_away_; // empty: kept
    std::unique_ptr<store::SessionDatabase> database_;
};

// Keys for one run, when nobody hands any over.
event::Keys made_up_keys();

} // namespace vestari::replay
