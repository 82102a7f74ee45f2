// GET /v1/events: what is kept of the last day, and with follow=1 what comes, until the client goes.
//
// Invariants  a few lines at a time, so that a client that reads keeps up; one that does not is cut off by the server.
// Threads     the daemon's.
// Source      DESIGN 3.1 (`vestari events`), CONTRACTS.
#pragma once

#include "ingest/daemon/control/routes.hpp"

namespace vestari::ingest::daemon {

void follow(Desk& desk, const service::Request& request, const service::Answer& reply);

} // namespace vestari::ingest::daemon
