// What the server brings to a linked client: the queue after `active`, then what comes live; and the client's acks and receipts.
//
// Threads     free functions over one world.
// Source      wire/10-connection.md sections 9.4, 10.3 and 11.
#pragma once

#include "tests/sim/session/connection.hpp"

namespace vestari::sim {

// Puts a stanza into the device's mailbox and sends it if the device is there.
void deliver(World& world, Companion& device, Stanza stanza);
// Sends what may be sent now.
void pump(Connection& connection);
void on_active(Connection& connection);
void on_offline_batch(Connection& connection, std::size_t count);
void on_ack(Connection& connection, const Stanza& ack);
void on_receipt(Connection& connection, const Stanza& receipt);
// Tells the client when few one-time keys are left.
void warn_of_few_keys(World& world, Companion& device);
// Faults that strike a session; called at login and now and then.
void after_login_faults(Connection& connection);
// A stream error that names what stayed uncleared for too long.
void check_overdue(World& world);

} // namespace vestari::sim
