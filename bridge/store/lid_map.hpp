// Which phone-number user is which LID user. Bare users only; both directions; a newer mapping replaces an older one.
//
// Invariants  one row per LID and per phone number; names stand sealed, rows are found by HMAC.
// Threads     the database's owner.
// Errors      StoreErrc, thrown.
// Source      wire/20-messages.md section 2.5. Moving the Signal records along is bridge/signal/migration.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bridge/store/session_database.hpp"

namespace vestari::store {

class LidMap {
public:
    explicit LidMap(SessionDatabase& database) noexcept : database_{database} {}

    enum class Change { known_already, stored };

    // User parts without server and device: "4917…", "1234…".
    Change remember(std::string_view lid_user, std::string_view phone_user, TimePoint at);
    std::optional<std::string> lid_of(std::string_view phone_user) const;
    std::optional<std::string> phone_of(std::string_view lid_user) const;

private:
    SessionDatabase& database_;
};

} // namespace vestari::store
