// Which taking of the account's lease this database belongs to: one number in the clear. It outlives the device.
//
// Threads     the database's owner.
// Errors      StoreErrc, thrown.
// Source      DESIGN 8.
#pragma once

#include <cstdint>

#include "bridge/store/session_database.hpp"

namespace vestari::store {

std::uint64_t lease_epoch(SessionDatabase& database); // 0: never taken
void set_lease_epoch(SessionDatabase& database, std::uint64_t epoch);

} // namespace vestari::store
