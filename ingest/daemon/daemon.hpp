// vestari-ingest: opens the accounts' archives, keeps a pipe to the bridge for each, answers on ingest.sock.
//
// Invariants  one account's failure stays its own: an archive that cannot be opened is said, and tried again while others work.
//             Only when none can be opened does the program end, with the first one's code. SIGTERM and SIGINT commit and
//             acknowledge what was read, and end with 0.
// Threads     one, beside the control server's own.
// Errors      cli::Failure before the program is ready; none afterwards.
// Source      SETTLED sections 7 and 8, DESIGN 3.4 and 3.5.
#pragma once

#include <memory>

#include "vestari/base/clock.hpp"
#include "vestari/base/exit_code.hpp"
#include "vestari/config/config.hpp"

namespace vestari::ingest::daemon {

class Daemon {
public:
    Daemon(config::Config config, const Clock& clock);
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;
    ~Daemon();

    void run(); // until it is told to stop

private:
    class House;
    std::unique_ptr<House> house_;
};

} // namespace vestari::ingest::daemon
