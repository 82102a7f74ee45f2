#include <algorithm>

#include "bridge/live/machine/machine.hpp"

namespace vestari::live {

namespace {

constexpr std::chrono::seconds judging{60};
constexpr std::chrono::hours housekeeping{1};
constexpr std::chrono::hours event_lasts{24}; // a warning of something that happened, and is over

} // namespace

void Machine::tick(Instant now) {
    now_ = now;
    if (shut_ == Shut::process) {
        return;
    }
    if (now >= try_disk_at_) {
        try_the_disk(now);
    }
    if (attempt_) {
        link_timers(now);
    }
    if (!attempt_ && now >= version_by_) {
        version_by_ = Instant::max(); // nothing newer was found
    }
    try_to_connect(now);
    if (connection_) {
        guarded(now, [&] { connection_timers(now); });
    }
    guarded(now, [&] { upkeep_timers(now); });
    settle(now);
}

void Machine::upkeep_timers(Instant now) {
    if (connection_ && now >= batch_until_) {
        commit(now);
    }
    if (connection_ && linked_ && now >= inbox_wake_at()) {
        inbox_->tick(clock_.now(), connection_->number());
        commit(now);
    }
    if (now >= judge_at_) {
        judge_at_ = now + judging;
        judge_freshness(now);
    }
    if (now >= housekeeping_at_) {
        housekeeping_at_ = now + housekeeping;
        commit(now);
        inbox_->housekeeping(clock_.now());
        warnings_.forget_events(clock_.now() - event_lasts);
    }
}

void Machine::judge_freshness(Instant now) {
    for (const event::Group& group : settings_.groups) {
        if (const std::optional<receive::GroupActivity> activity = inbox_->activity(group.jid)) {
            freshness_.watch(
                group.jid,
                {activity->messages, activity->usual_interval, activity->longest_interval}, now);
        }
    }
    if (freshness_.spoke()) {
        forced_ = false;
    }
    const bool settled = connection_ && connection_->logged_in_at() &&
                         now - *connection_->logged_in_at() >= Freshness::least_connected;
    if (!settled || held_) {
        return;
    }
    if (freshness_.health(now) == Freshness::Health::good) {
        if (state_.state == State::degraded) {
            set_state(State::connected, logged_in);
        }
        return;
    }
    set_state(State::degraded, failure::stalled.why);
    if (!forced_) {
        forced_ = true;
        leave_connection(now);
        connect_after(std::chrono::milliseconds{0}, now);
    }
}

// By the wall clock it dates; by the monotonic one it wakes.
Instant Machine::inbox_wake_at() const {
    const std::optional<TimePoint> at = inbox_->wake_at();
    if (!at || !connection_ || !linked_) {
        return Instant::max();
    }
    constexpr std::chrono::milliseconds most = housekeeping;
    return now_ + std::clamp(*at - clock_.now(), std::chrono::milliseconds{0}, most);
}

Instant Machine::wake_at() const {
    if (shut_ == Shut::process) {
        return Instant::max();
    }
    Instant at = std::min(
        {try_disk_at_, version_by_, batch_until_, judge_at_, housekeeping_at_, inbox_wake_at()});
    if (!wants_ && socket_ != Socket::open && mode_ != Mode::resting) {
        at = std::min(at, connect_at_);
    }
    if (attempt_) {
        at = std::min(at, attempt_->until);
        if (attempt_->refs && connection_) {
            at = std::min(at, attempt_->refs->shown_until());
        }
    }
    if (connection_) {
        at = std::min(at, held_ ? connection_->requests.wake_at() : connection_->wake_at());
        if (active_ && inbox_->batched() == 0) {
            at = std::min({at, pre_keys_.wake_at(), directory_.wake_at()});
        }
    }
    return at;
}

Bytes Machine::take_output() {
    Bytes all = std::exchange(output_, {});
    if (connection_) {
        append(all, connection_->line.take_output());
    }
    return all;
}

Status Machine::status() const {
    Status status;
    status.state = state_;
    if (linked_) {
        status.me_pn = linked_->me;
        status.me_lid = linked_->lid;
        status.linked_since = linked_->since;
    }
    status.phone_last_seen = phone_last_seen_;
    status.warnings = warnings_.standing();
    status.clock_offset = clock_offset_;
    status.totals = totals_;
    status.totals.pre_key_uploads = pre_keys_.uploads();
    status.totals.sent += connection_ ? connection_->sent() : 0;
    for (const event::Group& group : settings_.groups) {
        GroupFreshness fresh{group.jid, {}, freshness_.fresh(group.jid, now_), {}};
        if (const std::optional<receive::GroupActivity> activity = inbox_->activity(group.jid)) {
            fresh.last_message_at = activity->last_message_at;
            fresh.usual_interval =
                std::chrono::round<std::chrono::seconds>(activity->usual_interval);
        }
        status.groups.push_back(std::move(fresh));
    }
    return status;
}

} // namespace vestari::live
