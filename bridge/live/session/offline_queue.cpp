#include "bridge/live/session/offline_queue.hpp"

namespace vestari::live {

OfflineQueue::Then OfflineQueue::preview() noexcept {
    if (phase_ == Phase::done || asked_ == Asked::yes) {
        return Then::nothing;
    }
    phase_ = Phase::draining;
    asked_ = Asked::yes;
    since_asked_ = 0;
    return Then::ask;
}

OfflineQueue::Then OfflineQueue::stanza() noexcept {
    if (phase_ == Phase::done) {
        return Then::nothing;
    }
    phase_ = Phase::draining;
    if (++since_asked_ < batch) {
        return Then::nothing;
    }
    since_asked_ = 0;
    asked_ = Asked::yes;
    return Then::ask;
}

} // namespace vestari::live
