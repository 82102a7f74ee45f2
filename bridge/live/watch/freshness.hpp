// Whether the included groups still speak, each against its own usual rate: a connection can be alive and deliver nothing.
//
// Invariants  a group is judged once it has spoken 20 times; it is silent after the longest of 30 minutes, 20 usual intervals and twice
//             its longest pause of the last weeks. Silence is measured by the monotonic clock, from when we began to watch. Two silent
//             groups at the least, and half of those that are judged, mean that something is wrong; a single one is its own business.
// Threads     one owner.
// Source      issue 3, section 6 (health is freshness); ASSURANCE H25.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "vestari/base/clock.hpp"

namespace vestari::live {

struct Speech { // of one group so far
    std::uint64_t messages = 0;
    std::chrono::milliseconds usual_interval{0};
    std::chrono::milliseconds longest_interval{0};
};

class Freshness {
public:
    static constexpr std::uint64_t known_after = 20; // messages
    static constexpr std::chrono::minutes least_silence{30};
    static constexpr std::chrono::minutes least_connected{5}; // before anything is judged
    enum class Health : std::uint8_t { good, stalled };

    void watch(std::string_view group, const Speech& speech, Instant now);
    void forget(std::string_view group);
    bool fresh(std::string_view group, Instant now) const;
    Health health(Instant now) const;
    // Any group spoke since this was asked last.
    bool spoke() noexcept { return std::exchange(spoke_, false); }

private:
    struct Watched {
        Speech speech;
        Instant since; // it was heard, or watching began
    };
    static bool judged(const Watched& group) noexcept;
    static bool silent(const Watched& group, Instant now) noexcept;

    std::map<std::string, Watched, std::less<>> groups_;
    bool spoke_ = false;
};

} // namespace vestari::live
