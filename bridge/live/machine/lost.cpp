#include "bridge/live/machine/machine.hpp"
#include "bridge/live/machine/names.hpp"
#include "bridge/noise/errors.hpp"
#include "bridge/store/device.hpp"

namespace vestari::live {

namespace {

constexpr std::chrono::seconds restart_window{60};
constexpr std::chrono::seconds version_patience{60};
constexpr std::chrono::seconds disk_interval{2};
constexpr std::chrono::seconds lease_interval{1};
constexpr std::size_t disk_probe_bytes = std::size_t{64} << 10U;
constexpr std::uint32_t rate_limited_steps = 5;
constexpr std::uint32_t most_unknown = 3;
constexpr std::uint32_t most_malformed = 1;
constexpr std::uint32_t most_handshakes = 3;
constexpr std::uint32_t most_routed = 2;
constexpr std::uint32_t alarming_attempts = 3;

} // namespace

// The connection is over, whoever ended it. What was received is kept; it will not be cleared again in vain.
void Machine::leave_connection(Instant now) {
    wants_ = false;
    held_.reset();
    batch_until_ = Instant::max();
    active_ = false;
    pre_keys_.disconnected();
    directory_.disconnected();
    if (!connection_) {
        return;
    }
    if (connection_->line.routed() && connection_->phase() == Connection::Phase::hello &&
        ++routed_failures_ >= most_routed) {
        routed_failures_ = 0;
        guarded(now, [&] { store::Device{database_}.erase(names::routing); });
    }
    if (connection_ && connection_->logged_in_at()) {
        back_off_.logged_in();
        if (now - *connection_->logged_in_at() >= BackOff::settled) {
            back_off_.reset();
            unknown_failures_ = 0;
        }
    }
    if (connection_) {
        append(output_, connection_->line.take_output());
        totals_.sent += connection_->sent();
        connection_.reset();
    }
    commit(now); // what it clears is cleared when the server delivers it again
}

void Machine::drop(const Failure& failure, Instant now) {
    const bool storage_is_fine = try_disk_at_ == Instant::max();
    leave_connection(now);
    if (storage_is_fine && try_disk_at_ != Instant::max()) {
        return; // keeping it failed, and that is what counts now
    }
    if (unlinking_) {
        unlinking_ = false;
        if (failure.retry == Retry::never_unlinked) {
            guarded(now, [&] { forget_device(now); }); // as ordered
            return;
        }
        warnings_.raise(warn::unlink_failed);
    }
    decide(failure, now);
}

void Machine::decide(const Failure& failure, Instant now) {
    switch (failure.retry) {
    case Retry::at_once: {
        const bool soon = last_restart_ && now - *last_restart_ < restart_window;
        last_restart_ = now;
        if (soon) {
            wait_and_retry(failure, now);
            return;
        }
        if (mode_ == Mode::running) {
            set_state(failure.state, failure.why);
        }
        connect_after(std::chrono::milliseconds{0}, now);
        return;
    }
    case Retry::back_off_more: back_off_.skip(rate_limited_steps); break;
    case Retry::a_few_times:
        if (++unknown_failures_ > most_unknown) {
            stop(failure::unknown_for_good, now);
            return;
        }
        break;
    case Retry::once:
        if (++malformed_ > most_malformed) {
            stop(failure::malformed_twice, now);
            return;
        }
        break;
    case Retry::new_version: outdated(failure, now); return;
    case Retry::until_expiry: ban(failure, now); return;
    case Retry::never:
    case Retry::never_unlinked: stop(failure, now); return;
    case Retry::back_off: break;
    }
    wait_and_retry(failure, now);
}

void Machine::wait_and_retry(const Failure& failure, Instant now) {
    const std::chrono::milliseconds wait = back_off_.next(failure.cause, random_);
    if (++attempts_failed_ >= alarming_attempts) {
        Warning lasting = warn::network;
        lasting.text = failure.why.text;
        lasting.next = failure.why.next;
        warnings_.raise(lasting);
    }
    if (mode_ == Mode::running) {
        set_state(State::offline, failure.why);
    }
    connect_after(wait, now);
}

// One look-up and one attempt with what it finds; then it rests until a newer version comes.
void Machine::outdated(const Failure& failure, Instant now) {
    const bool asked_before = refused_version_.has_value();
    refused_version_ = settings_.version;
    if (asked_before) {
        stop(failure::still_outdated, now);
        return;
    }
    version_by_ = now + version_patience;
    if (mode_ == Mode::running) {
        mode_ = Mode::resting;
        set_state(failure.state, failure.why);
    }
    observer_.version_wanted();
}

void Machine::ban(const Failure& failure, Instant now) {
    const std::chrono::seconds wait = failure.expires.value_or(std::chrono::hours{24});
    const TimePoint until = clock_.now() + wait;
    if (mode_ == Mode::linking) {
        stop(failure, now);
        return;
    }
    guarded(now, [&] {
        store::Device device{database_};
        Bytes at;
        append_be64(at, static_cast<std::uint64_t>(until.time_since_epoch().count()));
        device.put(names::stopped, as_bytes(failure.why.code));
        device.put(names::banned_until, at);
    });
    set_state(failure.state, failure.why, until);
    connect_after(wait, now);
}

void Machine::stop(const Failure& failure, Instant now) {
    connect_at_ = Instant::max();
    version_by_ = Instant::max();
    if (attempt_) {
        link_failed(link_failure(failure.state), failure.state, failure.why);
        return;
    }
    mode_ = Mode::resting;
    if (failure.retry == Retry::never_unlinked) {
        guarded(now,
                [&] { store::Device{database_}.put(names::stopped, as_bytes(failure.why.code)); });
        connect_at_ = Instant::max();
    }
    set_state(failure.state, failure.why);
}

void Machine::handshake_failed(ErrorCode error, Instant now) {
    if (error == noise::NoiseErrc::clock_problem) {
        warnings_.raise(warn::wrong_clock);
        drop(failure::wrong_clock, now);
        return;
    }
    warnings_.raise(warn::handshake);
    drop(++handshakes_failed_ >= most_handshakes ? failure::interception : failure::handshake, now);
}

void Machine::integrity_failed(std::string_view stanza, Instant now) {
    ++totals_.protocol_errors;
    if (poison_.met(stanza, now) == Poison::Verdict::again) {
        warnings_.raise(warn::poison);
        drop(failure::repeated_integrity, now);
        return;
    }
    drop(failure::integrity, now);
}

void Machine::send_failed(Instant now) {
    const ErrorCode error = connection_->error();
    if (error.category() != category_of<outbound::GuardErrc>("guard")) {
        integrity_failed({}, now);
        return;
    }
    shut_ = Shut::guard;
    observer_.audit({"guard_mismatch", error});
    warnings_.raise(warn::guard_mismatch);
    drop(failure::guard, now);
}

void Machine::storage_failed(ErrorCode error, Instant now) {
    abandon_connection();
    if (error == store::StoreErrc::damaged_record || error == store::StoreErrc::corrupt) {
        try_disk_at_ = Instant::max();
        stop(failure::damaged, now);
        return;
    }
    if (error == store::StoreErrc::lost_lease) { // the disk is fine: another has the account
        if (mode_ == Mode::running) {
            set_state(State::offline, failure::no_lease.why);
        }
        connect_after(lease_interval, now);
        return;
    }
    warnings_.raise(error == store::StoreErrc::disk_full ? warn::disk_full : warn::storage);
    try_disk_at_ = now + disk_interval;
    if (mode_ == Mode::running) {
        set_state(State::offline, failure::storage.why);
    }
}

// Without another write: what was sent is sent, what was received and is not durable comes again.
void Machine::abandon_connection() {
    if (connection_) {
        append(output_, connection_->line.take_output());
        connection_.reset();
    }
    inbox_->roll_back();
    wants_ = false;
    unlinking_ = false;
    held_.reset();
    batch_until_ = Instant::max();
    active_ = false;
    pre_keys_.disconnected();
    directory_.disconnected();
    connect_at_ = Instant::max();
}

// Whether something of some size can be made durable again.
void Machine::try_the_disk(Instant now) {
    try_disk_at_ = Instant::max();
    guarded(now, [&] {
        store::Device device{database_};
        device.put(names::probe, Bytes(disk_probe_bytes));
        device.erase(names::probe);
        if (groups_stale_) {
            include_groups();
        }
    });
    if (try_disk_at_ != Instant::max()) {
        return;
    }
    warnings_.end(warn::disk_full.code);
    warnings_.end(warn::storage.code);
    connect_after(std::chrono::milliseconds{0}, now);
}

} // namespace vestari::live
