// What `vestari events` shows of the bridge: states, warnings, refusals. The last day, bounded, and whoever follows.
//
// Invariants  at most `max_events` are kept, none longer than a day; no text, name, number or key is in any of them.
// Threads     any, locked inside.
// Errors      none: a follower that is gone or too slow is dropped.
// Source      SETTLED section 7, CONTRACTS (control sockets).
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "vestari/base/clock.hpp"
#include "vestari/service/control/request.hpp"

namespace vestari::daemon {

class EventLog {
public:
    static constexpr std::size_t max_events = 4096;
    static constexpr std::chrono::hours kept{24};
    enum class Follow : std::uint8_t { no, yes };

    void publish(std::string_view account, std::string json, TimePoint at);
    // What is kept, of one account or (empty) of all; then, if asked, what comes.
    void stream(std::string_view account, Follow follow, TimePoint now,
                const service::Answer& answer);
    void end(); // every follower's stream

private:
    struct Event {
        std::string account;
        std::string json;
        TimePoint at;
    };
    struct Follower {
        std::string account;
        service::Answer answer;
    };
    void forget(TimePoint now);

    std::mutex mutex_;
    std::deque<Event> events_;
    std::vector<Follower> followers_;
};

} // namespace vestari::daemon
