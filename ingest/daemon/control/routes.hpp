// The routes of ingest.sock: handed from the control server's thread to the daemon's, and answered there.
//
// Invariants  each question is one entry in the audit file, with the number of values that were opened for it; what no route
//             knows answers 403 and is audited too. A question about an archive that is not this one (`archive`: its path, as
//             the commands send it) is answered 409, so that two configurations with one runtime_dir cannot be mixed up.
// Threads     `routes`: the daemon's; handlers run on the server's thread and only hand on.
// Source      CONTRACTS (control sockets), DESIGN 3.5, SETTLED section 8.
#pragma once

#include <vector>

#include "ingest/daemon/slots.hpp"
#include "vestari/service/control/server.hpp"

namespace vestari::service {
class Audit;
} // namespace vestari::service

namespace vestari::ingest::daemon {

struct Desk {
    boost::asio::io_context& io;
    Slots& slots;
    Events& events;
    service::Audit& audit;
    service::Log& log;
};

// `desk` outlives the server.
std::vector<service::Route> routes(Desk& desk);
void refused(Desk& desk, const service::Request& request); // by no route; from any thread

} // namespace vestari::ingest::daemon
