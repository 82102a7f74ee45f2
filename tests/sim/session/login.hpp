// The begin of a connection above Noise: a client that wants to be linked, or one that logs in.
//
// Threads     free functions over one world.
// Source      wire/10-connection.md sections 7.1, 8 and 9.
#pragma once

#include "tests/sim/session/connection.hpp"

namespace vestari::sim {

void on_client_payload(Connection& connection, BytesView payload);
// The connection is no longer its device's; what was not cleared is delivered again at the next login.
void leave(Connection& connection);
void fail_login(Connection& connection, const LoginFailure& failure);
void send_stream_error(Connection& connection, const StreamError& error); // and ends

} // namespace vestari::sim
