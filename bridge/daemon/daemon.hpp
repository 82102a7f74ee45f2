// The program vestari-bridge: its accounts, its two sockets, its supervisor, until it is told to stop.
//
// Invariants  one account's failure leaves the others alone; a stopped account leaves the process up. SIGTERM and SIGINT end it cleanly:
//             what was received is durable and cleared, connections say goodbye.
// Threads     run blocks; a few threads share the accounts' strands, and the control server has its own.
// Errors      an ExitCode: configuration, io (files and sockets), try_again (another bridge runs here).
// Source      DESIGN 2, 3.4, 3.5 and 8; SETTLED section 8.
#pragma once

#include "vestari/base/exit_code.hpp"
#include "vestari/config/config.hpp"
#include "vestari/service/log.hpp"
#include "vestari/service/process/notify.hpp"

namespace vestari::daemon {

// Signals are blocked in the caller's thread before any other runs.
ExitCode run(const config::Config& config, service::Log& log, const service::Notify& notify);

} // namespace vestari::daemon
