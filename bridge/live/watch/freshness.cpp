#include "bridge/live/watch/freshness.hpp"

#include <algorithm>

namespace vestari::live {

namespace {
constexpr int usual_intervals = 20;
constexpr int longest_intervals = 2;
constexpr std::size_t least_silent = 2;
} // namespace

void Freshness::watch(std::string_view group, const Speech& speech, Instant now) {
    const auto found = groups_.find(group);
    if (found == groups_.end()) {
        groups_.emplace(group, Watched{speech, now});
        return;
    }
    if (found->second.speech.messages != speech.messages) {
        found->second.since = now;
        spoke_ = true;
    }
    found->second.speech = speech;
}

void Freshness::forget(std::string_view group) {
    if (const auto found = groups_.find(group); found != groups_.end()) {
        groups_.erase(found);
    }
}

bool Freshness::judged(const Watched& group) noexcept {
    return group.speech.messages >= known_after && group.speech.usual_interval.count() > 0;
}

bool Freshness::silent(const Watched& group, Instant now) noexcept {
    constexpr std::chrono::milliseconds least = least_silence;
    return judged(group) &&
           now - group.since > std::max({least, usual_intervals * group.speech.usual_interval,
                                         longest_intervals * group.speech.longest_interval});
}

bool Freshness::fresh(std::string_view group, Instant now) const {
    const auto found = groups_.find(group);
    return found == groups_.end() || !silent(found->second, now);
}

Freshness::Health Freshness::health(Instant now) const {
    std::size_t judged_groups = 0;
    std::size_t silent_groups = 0;
    for (const auto& [jid, group] : groups_) {
        judged_groups += judged(group) ? 1U : 0U;
        silent_groups += silent(group, now) ? 1U : 0U;
    }
    return silent_groups >= least_silent && 2 * silent_groups >= judged_groups ? Health::stalled
                                                                               : Health::good;
}

} // namespace vestari::live
