// What a linked client writes, brought to the other linked clients that it is for.
//
// Threads     free functions over one world.
// Source      wire/20-messages.md section 2.
#pragma once

#include "tests/sim/session/connection.hpp"

namespace vestari::sim {

void relay(Connection& from, const Stanza& message);

} // namespace vestari::sim
