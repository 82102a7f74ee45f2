// Faults that strike a session that is logged in.
//
// Threads     free functions over one world.
// Source      ASSURANCE T2; wire/10-connection.md section 5.9.
#pragma once

#include "tests/sim/session/connection.hpp"

namespace vestari::sim {

// Lets happen what is armed or drawn; at most one ends the session.
void strike(Connection& connection);

} // namespace vestari::sim
