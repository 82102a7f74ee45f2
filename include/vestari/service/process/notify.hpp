// What systemd is told: ready, what we do, that we are alive, that we stop. And the watchdog that says "alive" only when every
// part of the program has really moved.
//
// Invariants  without NOTIFY_SOCKET nothing is sent and nothing fails. A feed goes out only after each part has reported
//             progress since the feed before: a stuck part ends in a restart by systemd, not in a lie.
// Threads     Notify: any. Watchdog: parts are made before it is used; a Part's beat from any thread, tick from one.
// Errors      none: a supervisor that cannot be reached changes nothing for us.
// Source      sd_notify(3), sd_watchdog_enabled(3).
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "vestari/base/descriptor.hpp"

namespace vestari::service {

class Notify {
public:
    // `address`: a path, or an abstract name after "@"; empty: nobody listens.
    explicit Notify(std::string address);
    // $NOTIFY_SOCKET, taken out of the environment so that no child inherits it.
    static Notify of_process();

    bool listening() const noexcept { return static_cast<bool>(socket_); }
    void ready() const { send("READY=1"); }
    void stopping() const { send("STOPPING=1"); }
    void alive() const { send("WATCHDOG=1"); }
    void status(std::string_view words) const; // our own words only; line ends are cut off
    void extend_timeout(std::chrono::microseconds by) const;

private:
    void send(std::string_view text) const;
    std::string address_;
    Descriptor socket_;
};

// $WATCHDOG_USEC, if it is meant for this process.
std::optional<std::chrono::microseconds> watchdog_interval();

class Watchdog {
public:
    class Part {
    public:
        void beat() noexcept { moved_.store(true, std::memory_order_relaxed); }

    private:
        friend class Watchdog;
        std::atomic<bool> moved_ = false;
    };

    explicit Watchdog(const Notify& notify) noexcept : notify_{notify} {}

    Part& add(); // valid as long as the Watchdog
    // Call it a few times per interval. True: every part had moved, systemd was told.
    bool tick();

private:
    const Notify& notify_;
    std::deque<Part> parts_;
};

} // namespace vestari::service
