// How often linking may be tried: at most 5 attempts in any 10 minutes, so that no loop of ours looks like an attack.
//
// Threads     one owner.
// Errors      LinkErrc::too_many_attempts; such an attempt is not counted.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

#include "bridge/link/link_error.hpp"
#include "vestari/base/clock.hpp"

namespace vestari::link {

class AttemptLimit {
public:
    static constexpr std::size_t attempts = 5;
    static constexpr std::chrono::minutes window{10};

    [[nodiscard]] Result<> begin(Instant now) {
        if (now < next_at()) {
            return LinkErrc::too_many_attempts;
        }
        begun_[at_] = now;
        used_ = std::min(used_ + 1, attempts);
        at_ = (at_ + 1) % attempts;
        return {};
    }

    // When the next attempt is allowed; long ago if one is allowed now.
    Instant next_at() const noexcept {
        return used_ < attempts ? Instant::min() : begun_[at_] + window; // the oldest of the last 5
    }

private:
    std::array<Instant, attempts> begun_{};
    std::size_t at_ = 0;
    std::size_t used_ = 0;
};

} // namespace vestari::link
