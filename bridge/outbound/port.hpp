// The only way out: a stanza of the closed set is encoded, read back by the guard, sealed and handed to the socket. Nothing else in
// the program can seal a frame: noise::Sealing has this one friend.
//
// Invariants  what the guard refuses is not sealed, no byte of it leaves, and nothing else leaves after it.
// Threads     one owner; the account's strand.
// Errors      GuardErrc: a defect; the caller shuts this account's session and audits it. What Sealing::seal says: the connection
//             is over.
// Source      DESIGN section 4; wire/10-connection.md section 14.
#pragma once

#include "bridge/noise/transport.hpp"
#include "bridge/outbound/guard.hpp"
#include "bridge/outbound/stanzas.hpp"

namespace vestari::outbound {

// Where sealed frames go, in the order in which they were sealed.
class Sink {
public:
    virtual void write(Bytes frame) = 0;

protected:
    ~Sink() = default;
};

class Port {
public:
    // The sink must outlive the port.
    Port(noise::Sealing sealing, Guard guard, Sink& sink)
        : sealing_{std::move(sealing)}, guard_{std::move(guard)}, sink_{&sink} {}

    [[nodiscard]] Result<> send(const Outbound& stanza);

private:
    noise::Sealing sealing_;
    Guard guard_;
    Sink* sink_;
    bool shut_ = false;
};

} // namespace vestari::outbound
