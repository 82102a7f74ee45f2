#include "bridge/live/session/keep_alive.hpp"

#include <algorithm>

namespace vestari::live {

namespace {
constexpr std::uint32_t most_unanswered = 2;
} // namespace

KeepAlive::KeepAlive(Instant now, Random& random) : random_{random}, heard_{now} { plan(now); }

void KeepAlive::plan(Instant now) {
    constexpr std::chrono::milliseconds width = longest - shortest;
    const auto part =
        static_cast<std::int64_t>(random_.next() % static_cast<std::uint64_t>(width.count() + 1));
    next_ping_ = now + shortest + std::chrono::milliseconds{part};
}

void KeepAlive::heard(Instant now) noexcept {
    heard_ = now;
    answer_by_ = Instant::max();
    unanswered_ = 0;
}

void KeepAlive::restart(Instant now) {
    heard(now);
    plan(now);
}

KeepAlive::Due KeepAlive::due(Instant now) {
    if (now >= heard_ + silence) {
        return Due::dead;
    }
    if (now >= answer_by_) {
        answer_by_ = Instant::max();
        if (++unanswered_ >= most_unanswered) {
            return Due::dead;
        }
        next_ping_ = now; // ask again at once
    }
    if (now < next_ping_) {
        return Due::nothing;
    }
    plan(now);
    if (now < heard_ + fresh) {
        return Due::nothing;
    }
    if (answer_by_ == Instant::max()) {
        answer_by_ = now + patience;
    }
    return Due::ping;
}

Instant KeepAlive::wake_at() const noexcept {
    return std::min({next_ping_, answer_by_, heard_ + silence});
}

} // namespace vestari::live
