// What a group's notification changes here: its name goes to the archive, its admins are remembered.
//
// Invariants  only for included groups; of the members nothing is kept here but who is an admin.
// Threads     the session database's owner.
// Errors      StoreErrc, thrown.
// Source      wire/20-messages.md section 12.3; SETTLED section 4 (who may revoke).
#pragma once

#include "bridge/content/group_change.hpp"
#include "bridge/receive/publisher.hpp"
#include "bridge/store/group_admins.hpp"

namespace vestari::receive {

class GroupChanges {
public:
    GroupChanges(store::SessionDatabase& database, Publisher& publisher)
        : admins_{database}, publisher_{publisher} {}

    // `id` and `at`: the notification's.
    void apply(const content::GroupChange& change, std::string_view id, TimePoint at);

    void forget_group(std::string_view group) { admins_.erase_group(group); }

private:
    void set_role(const content::GroupChange& change);

    store::GroupAdmins admins_;
    Publisher& publisher_;
};

} // namespace vestari::receive
