// Linking: the server's offer of refs, the phone that scans or types a code, and what the client answers.
//
// Threads     free functions over one world.
// Errors      a client's wrong answer ends its connection with an error and is an oddity.
// Source      wire/10-connection.md sections 7.6 to 7.9.
#pragma once

#include "tests/sim/session/connection.hpp"

namespace vestari::sim {

void start_pairing(Connection& connection);
Scanned scan_qr(World& world, std::string_view qr, Person& person);
bool enter_code(World& world, std::string_view phone, std::string_view code);

// What an unlinked client sends.
void on_pair_success_answer(Connection& connection, const Stanza& answer);
void on_link_code(Connection& connection, const Stanza& request);

// Exposed for the two ways in: the phone signs, the server says pair-success.
void sign_and_succeed(Connection& connection, Person& person, BytesView adv_secret);

} // namespace vestari::sim
