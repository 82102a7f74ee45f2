// Who administers an included group, as its last notifications told: a revoke by one of them counts.
//
// Invariants  names stand sealed, groups are found by HMAC; members who are no admins are never written down.
// Threads     the database's owner.
// Errors      StoreErrc, thrown.
// Source      SETTLED 4 (revokes), wire/20-messages.md sections 12.1 and 12.3.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bridge/store/session_database.hpp"

namespace vestari::store {

class GroupAdmins {
public:
    explicit GroupAdmins(SessionDatabase& database) noexcept : database_{database} {}

    // `user`: a bare JID. An empty one is nobody.
    bool contains(std::string_view group, std::string_view user) const;
    void add(std::string_view group, std::string_view user);
    void remove(std::string_view group, std::string_view user);
    void replace(std::string_view group, const std::vector<std::string>& users);
    void erase_group(std::string_view group);

private:
    std::vector<std::string> of(std::string_view group) const;

    SessionDatabase& database_;
};

} // namespace vestari::store
