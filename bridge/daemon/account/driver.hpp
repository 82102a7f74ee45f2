// Gives a live::Account what it has none of: a socket, a timer, the time. For bridge/daemon/account only.
//
// Invariants  a socket is open exactly while the account wants one; after every call what it wants to say is written, and it is called
//             again when it asked for it. A full spool leaves what arrives in the socket.
// Threads     the strand, for construction, calls and destruction.
// Errors      an exception of the account's ends the driving and is handed to `failed`, once; the owner destroys the Driver later, not
//             from within that call.
// Source      bridge/live/account.hpp (the driver's side).
#pragma once

#include <exception>
#include <functional>
#include <memory>

#include "bridge/live/account.hpp"
#include "bridge/net/connection.hpp"
#include "vestari/service/log.hpp"

namespace vestari::daemon {

struct DriverHooks {
    std::function<void()> turned; // after every call of the account
    std::function<void(std::exception_ptr)> failed;
};

class Driver {
public:
    Driver(const boost::asio::any_io_executor& strand, const net::Endpoint& endpoint,
           live::Account& account, service::Log::OfAccount& log, DriverHooks hooks);
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;
    ~Driver(); // cuts the socket off

    // One call of the account's, and what follows from it.
    void turn(const std::function<void(live::Account&, Instant)>& call);
    void
    stop(); // the account's last words, and the socket's goodbye, which goes on until the Driver is destroyed

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace vestari::daemon
