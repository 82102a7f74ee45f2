// The service on real sockets, all on loopback: the chat over TLS and WebSocket, media over HTTPS, control over HTTP.
//
// Invariants  one thread; after everything that happens the service is asked what to write and when to wake up. At most 64 KiB of a
//             request are read. The network is loopback alone.
// Threads     run() is the loop; stop from a signal.
// Errors      a port that is taken: boost::system::system_error from the constructor.
#pragma once

#include <memory>
#include <string>

#include "tests/sim/front/certificate.hpp"
#include "tests/sim/service.hpp"

namespace vestari::sim {

struct Ports {
    std::uint16_t chat = 0, control = 0, media = 0; // 0: any free one
};

class Front {
public:
    Front(Service& service, const Certificates& certificates, const Ports& wanted);
    ~Front();
    Front(const Front&) = delete;
    Front& operator=(const Front&) = delete;

    Ports ports() const;
    void run(); // until SIGTERM or SIGINT

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace vestari::sim
