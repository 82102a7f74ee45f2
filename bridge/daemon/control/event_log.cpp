#include "bridge/daemon/control/event_log.hpp"

#include <algorithm>

namespace vestari::daemon {

namespace {
bool concerns(std::string_view wanted, std::string_view account) {
    return wanted.empty() || wanted == account;
}
} // namespace

void EventLog::forget(TimePoint now) {
    while (!events_.empty() && (events_.size() > max_events || events_.front().at + kept < now)) {
        events_.pop_front();
    }
}

void EventLog::publish(std::string_view account, std::string json, TimePoint at) {
    const std::scoped_lock lock{mutex_};
    std::erase_if(followers_, [&](const Follower& follower) {
        return concerns(follower.account, account) ? !follower.answer->line(json)
                                                   : follower.answer->gone();
    });
    events_.push_back({std::string{account}, std::move(json), at});
    forget(at);
}

void EventLog::stream(std::string_view account, Follow follow, TimePoint now,
                      const service::Answer& answer) {
    const std::scoped_lock lock{mutex_};
    forget(now);
    for (const Event& event : events_) {
        if (concerns(account, event.account) && !answer->line(event.json)) {
            return;
        }
    }
    std::erase_if(followers_, [](const Follower& one) { return one.answer->gone(); });
    if (follow == Follow::yes) {
        answer->start();
        followers_.push_back({std::string{account}, answer});
    } else {
        answer->end();
    }
}

void EventLog::end() {
    const std::scoped_lock lock{mutex_};
    for (const Follower& follower : followers_) {
        follower.answer->end();
    }
    followers_.clear();
}

} // namespace vestari::daemon
