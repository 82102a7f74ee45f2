// When to ping, and when a connection that says nothing is dead.
//
// Invariants  a ping every 20 to 30 s, unless something arrived in the last 15 s. Dead: nothing at all for 20 s after a ping, twice in
//             a row, or 90 s of silence. A time that jumps past several deadlines makes one ping, never a burst.
// Threads     one owner.
// Source      wire/10-connection.md section 10.1.
#pragma once

#include <chrono>
#include <cstdint>

#include "bridge/live/outside.hpp"
#include "vestari/base/clock.hpp"

namespace vestari::live {

class KeepAlive {
public:
    static constexpr std::chrono::seconds shortest{20};
    static constexpr std::chrono::seconds longest{30};
    static constexpr std::chrono::seconds fresh{15}; // heard this recently: no ping
    static constexpr std::chrono::seconds patience{20};
    static constexpr std::chrono::seconds silence{90};

    enum class Due : std::uint8_t { nothing, ping, dead };

    KeepAlive(Instant now, Random& random);
    void heard(Instant now) noexcept; // anything at all arrived
    void restart(Instant now);        // reading had been stopped by ourselves: start anew

    Due due(Instant now); // a ping counts as sent
    Instant wake_at() const noexcept;

private:
    void plan(Instant now);

    Random& random_;
    Instant heard_;
    Instant next_ping_;
    Instant answer_by_ = Instant::max(); // max: no ping is unanswered
    std::uint32_t unanswered_ = 0;
};

} // namespace vestari::live
