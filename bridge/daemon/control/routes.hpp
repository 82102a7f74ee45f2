// The routes of bridge.sock: what each asks of which account.
//
// Threads     handlers run on the control server's thread and hand the work to the accounts' strands.
// Source      CONTRACTS (control sockets), DESIGN 3.5.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "bridge/daemon/account/context.hpp"
#include "bridge/daemon/account/runner.hpp"
#include "vestari/service/control/server.hpp"

namespace vestari::daemon {

using Runners = std::vector<std::unique_ptr<Runner>>;

// `runners` does not change any more and outlives the server.
std::vector<service::Route> routes(const Context& context, const Runners& runners);

} // namespace vestari::daemon
