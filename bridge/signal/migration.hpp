// Moves a user's Signal records from one address name to another. For bridge/signal only.
//
// Invariants  every device's session, identity and sender-key record; a record that the new name has already stays and the old one goes.
//             The caller holds the savepoint that makes it all or nothing.
// Threads     the database's owner.
// Errors      StoreErrc, thrown.
// Source      wire/20-messages.md section 2.5 (session migration).
#pragma once

#include <string_view>

#include "bridge/store/session_database.hpp"

namespace vestari::signal {

void move_records(store::SessionDatabase& database, std::string_view from, std::string_view to);

} // namespace vestari::signal
