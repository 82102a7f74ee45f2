// One account of the process: waits for its keys, opens its database, takes its lease, drives its state machine with a socket and a
// timer, hands its spool to ingest, and answers what is asked about it.
//
// Invariants  everything happens on the account's strand. What fails here - an exception, a database that does not open - stays here:
//             the account is taken down, said so in its status, and opened again when ingest hands the keys anew.
//             Keys exist only inside the open database; the frame that brought them is wiped.
// Threads     construct from any thread; `on_strand` is the way in from others. The rest: the strand.
// Errors      none leave.
// Source      DESIGN 3.4, 3.5 and 8; CONTRACTS.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/json/object.hpp>

#include "bridge/daemon/account/context.hpp"
#include "bridge/daemon/pipe/line.hpp"
#include "bridge/live/account.hpp"
#include "vestari/service/control/request.hpp"
#include "vestari/service/metrics.hpp"
#include "vestari/service/process/notify.hpp"

namespace vestari::daemon {

// An ingest that has handed over the keys of an account, and what else has come from it.
struct Arrival {
    Line::Parts line;
    event::Keys keys;
};

struct Figures {
    bool keys = false;
    live::State state = live::State::waiting_for_keys;
    bool pipe = false;
    std::uint64_t spool_rows = 0;
    std::uint64_t spool_bytes = 0;
    std::uint64_t handed_over = 0; // envelopes that ingest has acknowledged
    live::Totals totals;
};

class Runner {
public:
    Runner(const boost::asio::any_io_executor& strand, const Context& context,
           config::Account account);
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;
    ~Runner();

    const std::string& name() const noexcept;
    void on_strand(std::function<void(Runner&)> what); // from any thread

    void attach(Arrival arrival);
    // Now and then: an account that nothing was asked of for a while rests. True: it has just gone to rest.
    bool rest_if_quiet();
    void stop(); // commits, clears, says goodbye; nothing connects afterwards

    boost::json::object status();
    Figures figures();
    // The answers are given when the account has them.
    void list_groups(const service::Answer& answer);
    void link(const live::LinkOptions& options, const service::Answer& answer);
    void unlink(const service::Answer& answer);
    void reconnect(const service::Answer& answer);
    void capture(const service::Answer& answer);
    void version_found(const link::Version& version);

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace vestari::daemon
