// Which client version is the newest we know: configured, built in, or found on the service's own page once a day.
//
// Invariants  nothing is fetched unless the configuration allows it, and never more often than `shortest`. What is found counts only
//             by the rule of link::accept_revision. After every look `found` is told the newest, also when it is the one of before.
// Threads     the executor's strand; `newest` any.
// Errors      none: without an answer the version stays as it is.
// Source      wire/10-connection.md section 7.4.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "bridge/link/version.hpp"
#include "bridge/net/endpoint.hpp"
#include "vestari/service/log.hpp"

namespace boost::asio {
class any_io_executor; // NOLINT(readability-identifier-naming): theirs
} // namespace boost::asio

namespace vestari::daemon {

class VersionLookup {
public:
    static constexpr std::chrono::hours each{24};
    static constexpr std::chrono::minutes shortest{10};
    using Found = std::function<void(const link::Version&)>;

    VersionLookup(const boost::asio::any_io_executor& strand, const net::Endpoint& endpoint,
                  const config::Whatsapp& whatsapp, service::Log& log, Found found);
    VersionLookup(const VersionLookup&) = delete;
    VersionLookup& operator=(const VersionLookup&) = delete;
    ~VersionLookup();

    link::Version newest() const; // any thread
    void wanted();                // any thread: somebody was told that ours is too old
    void start();                 // the daily look
    void stop();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace vestari::daemon
