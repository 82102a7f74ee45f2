// Takes everything out of the session database that belongs to one link: keys, sessions, who is who, what waited for a key. The spool,
// the counters and what was handled stay.
//
// Invariants  one savepoint: all or nothing. What is erased is overwritten (secure_delete).
// Threads     the database's owner; nothing that caches rows may live on.
// Errors      StoreErrc, thrown.
// Source      wire/10-connection.md section 12; SETTLED section 8.
#pragma once

#include "bridge/store/session_database.hpp"

namespace vestari::store {

void forget_device(SessionDatabase& database);

} // namespace vestari::store
