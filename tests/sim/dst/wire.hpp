// The network between an account and the service in one simulated run: latency, order kept, connections that open and end.
//
// Invariants  what was sent before a connection ended arrives before the end; nothing arrives on a connection that is gone. One
//             connection at a time, as the account's driver has to see to.
// Threads     one owner.
#pragma once

#include "bridge/live/account.hpp"
#include "tests/sim/service.hpp"
#include "tests/sim/world/agenda.hpp"
#include "tests/synth/sender/random.hpp"

namespace vestari::sim::dst {

class Wire {
public:
    Wire(Service& service, Agenda& agenda, synth::Random& random, const Instant& now)
        : service_{service}, agenda_{agenda}, random_{random}, now_{now} {}

    // After everything that happened: moves what both ends want to say, and opens and closes as the account wants.
    void settle(live::Account& account);
    void cut(); // the account's process is gone: nothing reaches it any more
    void set_no_network_chance(std::uint32_t per_mille) { no_network_ = per_mille; }
    bool open() const noexcept { return socket_ == Socket::open; }
    std::uint64_t failed_attempts = 0;

private:
    enum class Socket : std::uint8_t { closed, opening, open, ending };
    Instant later(Instant& last);
    void begin(live::Account& account);
    void try_to_open(live::Account& account);
    void from_service(live::Account& account);
    void end_at(Instant when, live::Account& account, live::Closed why);

    Service& service_;
    Agenda& agenda_;
    synth::Random& random_;
    const Instant& now_;
    Socket socket_ = Socket::closed;
    std::uint64_t connection_ = 0; // of which one something in flight is
    Link* link_ = nullptr;
    Instant last_up_{}, last_down_{};
    std::uint32_t no_network_ = 0;
};

} // namespace vestari::sim::dst
