// What every account of the process shares. For bridge/daemon only.
//
// Threads     what it refers to is safe from any thread; it outlives every account.
#pragma once

#include <functional>

#include <boost/system/system_error.hpp>

#include "bridge/daemon/control/event_log.hpp"
#include "bridge/link/version.hpp"
#include "bridge/net/endpoint.hpp"
#include "vestari/base/clock.hpp"
#include "vestari/config/config.hpp"
#include "vestari/service/audit.hpp"
#include "vestari/service/log.hpp"

namespace vestari::daemon {

struct Context {
    // Audits what has happened already: on a full disk it cannot be written down, and no account may go down for that.
    void note(const service::AuditEntry& entry) const {
        try {
            audit.append(entry);
        } catch (const boost::system::system_error& error) {
            log.error("the audit file cannot be written: {}", error.code());
        }
    }

    const config::Config& config;
    const net::Endpoint& endpoint;
    const Clock& clock;
    service::Log& log;
    service::Audit& audit;
    EventLog& events;
    std::function<link::Version()> version; // the newest that is known
    std::function<void()> version_wanted;   // look it up, if that is allowed
};

} // namespace vestari::daemon
