// How long to wait before the next connection.
//
// Invariants  the n-th wait is the n-th Fibonacci number of seconds, ±10 %, at most 15 minutes when the server said no, at most 50 s
//             when nobody answered: a network that is back is found within a minute. It starts anew after a connection that was
//             logged in for a minute; one that was logged in for less takes it back to 34 s at the most. After five refusals in a
//             row no wait is below a minute.
// Threads     one owner.
// Source      wire/10-connection.md section 13; ASSURANCE H23.
#pragma once

#include <chrono>
#include <cstdint>

#include "bridge/live/outside.hpp"

namespace vestari::live {

class BackOff {
public:
    static constexpr std::chrono::seconds longest{900};
    static constexpr std::chrono::seconds longest_unanswered{50};
    static constexpr std::chrono::seconds settled{60}; // logged in this long: all is well again

    enum class Cause : std::uint8_t {
        network,
        refusal
    }; // refusal: the server answered, and said no

    std::chrono::milliseconds next(Cause cause, Random& random); // and one step further
    void skip(std::uint32_t steps) noexcept;
    void logged_in() noexcept; // the connection that is over had got so far
    void reset() noexcept;
    std::uint32_t step() const noexcept { return step_; }

    static std::chrono::seconds at(std::uint32_t step) noexcept; // without jitter; 0 is the first

private:
    std::uint32_t step_ = 0;
    std::uint32_t refusals_ = 0;
};

} // namespace vestari::live
