// What a client's stanza means to the server.
//
// Threads     free functions over one world.
// Source      wire/10-connection.md; what other clients ask at login beyond it is answered with what lets them go on.
#pragma once

#include "tests/sim/session/connection.hpp"

namespace vestari::sim {

void dispatch(Connection& connection, const Stanza& stanza);

// Queries of clients that are logged in, by subject. False: not this one's.
bool answer_key_query(Connection& connection, const Stanza& iq);   // xmlns encrypt
bool answer_group_query(Connection& connection, const Stanza& iq); // xmlns w:g2
bool answer_user_query(Connection& connection, const Stanza& iq);  // xmlns usync
bool answer_plain_query(Connection& connection, const Stanza& iq); // the rest

} // namespace vestari::sim
