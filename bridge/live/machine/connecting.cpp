#include <algorithm>

#include "bridge/live/machine/machine.hpp"
#include "bridge/live/machine/names.hpp"
#include "bridge/store/device.hpp"

namespace vestari::live {

namespace {

const Reason not_linked{"not_linked", "this account is not linked to a phone", "vestari link"};
const Reason starting{"starting", "the connection is being made", ""};

noise::StaticKey noise_key(const link::DeviceSecrets& device) {
    return noise::StaticKey::of(
        crypto::NoisePrivateKey::from(device.noise.private_key.expose()).value());
}

} // namespace

Machine::Machine(Settings settings, store::SessionDatabase& database, Lease& lease,
                 const Clock& clock, Random& random, Observer& observer, Instant now)
    : settings_{std::move(settings)}, database_{database}, lease_{lease}, clock_{clock},
      random_{random}, observer_{observer}, now_{now}, warnings_{clock, observer},
      pre_keys_{database, clock}, directory_{database}, judge_at_{now}, housekeeping_at_{now} {
    std::erase_if(settings_.groups, [](const event::Group& group) { return !group.included; });
    start(now);
}

void Machine::start(Instant now) {
    linked_ = link::load_linked(database_);
    make_inbox();
    if (!linked_) {
        set_state(State::unlinked, not_linked);
        return;
    }
    const store::Device device{database_};
    const std::optional<Bytes> mark = device.get(names::stopped);
    const std::optional<Failure> stopped =
        mark ? failure_named(as_text(*mark)) : std::optional<Failure>{};
    if (stopped && stopped->retry == Retry::never_unlinked) {
        set_state(stopped->state, stopped->why);
        return;
    }
    mode_ = Mode::running;
    const std::optional<Bytes> until = device.get(names::banned_until);
    if (stopped && until && until->size() == 8) {
        const TimePoint end{
            std::chrono::milliseconds{static_cast<std::int64_t>(read_be<8>(*until))}};
        if (const auto left = std::min<std::chrono::milliseconds>(end - clock_.now(), longest_ban);
            left.count() > 0) {
            set_state(stopped->state, stopped->why, clock_.now() + left);
            connect_after(left, now);
            return;
        }
    }
    set_state(State::connecting, starting);
    connect_after(std::chrono::milliseconds{0}, now);
}

void Machine::set_state(State state, const Reason& why, std::optional<TimePoint> until) {
    if (state_.state == state && state_.why == why && state_.until == until) {
        return;
    }
    state_ = {state, why, clock_.now(), until};
    observer_.state_changed(state_);
}

void Machine::connect_after(std::chrono::milliseconds wait, Instant now) {
    connect_at_ = now + wait;
    try_to_connect(now);
}

void Machine::try_to_connect(Instant now) {
    // An attempt that was given up and that the driver has not told the end of may go on.
    if (mode_ == Mode::resting || shut_ != Shut::no || wants_ || socket_ == Socket::open ||
        now < connect_at_) {
        return;
    }
    if (!lease_.held()) {
        connect_at_ = now + std::chrono::seconds{1};
        if (mode_ == Mode::running) {
            set_state(State::offline, failure::no_lease.why);
        }
        return;
    }
    connect_at_ = Instant::max();
    socket_ = Socket::wanted;
    wants_ = true;
}

Line::Identity Machine::identity() {
    const link::DeviceProps props =
        attempt_ ? link::DeviceProps{.history = attempt_->options.history} : link::DeviceProps{};
    Result<std::optional<link::DeviceSecrets>> stored = link::load_device(database_);
    if (!stored || !*stored) {
        throw boost::system::system_error{make_error_code(store::StoreErrc::damaged_record)};
    }
    const link::DeviceSecrets& device = **stored;
    Bytes routing = store::Device{database_}.get(names::routing).value_or(Bytes{});
    if (!linked_) {
        return {noise_key(device),
                settings_.root_key,
                std::move(routing),
                link::registration_payload(device, settings_.version, props),
                {}};
    }
    Result<Bytes> payload = link::login_payload(linked_->me, settings_.version);
    if (!payload) {
        throw boost::system::system_error{make_error_code(store::StoreErrc::damaged_record)};
    }
    return {noise_key(device),
            settings_.root_key,
            std::move(routing),
            std::move(*payload),
            {linked_->me, linked_->lid}};
}

void Machine::opened(Instant now) {
    if (!wants_ || connection_) {
        return;
    }
    socket_ = Socket::open;
    ++totals_.connections;
    guarded(now, [&] { connection_.emplace(++connections_, identity(), random_, now); });
    settle(now);
}

void Machine::closed(const CloseInfo& info, Instant now) {
    socket_ = Socket::none;
    if (wants_) {
        drop(of_close(info), now); // by the peer, or it never opened
    }
    try_to_connect(now);
    settle(now);
}

void Machine::version_found(const link::Version& version, Instant now) {
    now_ = now;
    const bool newer = version > settings_.version;
    if (newer) {
        settings_.version = version;
    }
    if (refused_version_ && version <= *refused_version_ && version_by_ != Instant::max()) {
        version_by_ =
            now; // the look-up is over and found nothing newer: nobody waits for it any more
        settle(now);
        return;
    }
    if (!refused_version_ || version <= *refused_version_ || socket_ != Socket::none) {
        return;
    }
    version_by_ = Instant::max();
    if (attempt_ || state_.state == State::outdated) {
        mode_ = attempt_ ? Mode::linking : linked_ ? Mode::running : Mode::resting;
        connect_after(std::chrono::milliseconds{0}, now);
    }
    settle(now);
}

void Machine::connection_timers(Instant now) {
    if (!lease_.held()) {
        drop(failure::no_lease, now);
        return;
    }
    if (connection_->late(now)) {
        drop(failure::silence, now);
        return;
    }
    if (!held_ && connection_->phase() != Connection::Phase::hello) {
        const KeepAlive::Due due = connection_->keep_alive.due(now);
        if (due == KeepAlive::Due::dead) {
            drop(failure::silence, now);
            return;
        }
        if (due == KeepAlive::Due::ping) {
            ++totals_.pings;
            connection_->ask(Ask::ping, now, [](auto id) { return outbound::out::Ping{id}; });
        }
    }
    const std::vector<Answer> all_late = connection_->requests.timed_out(now);
    if (!all_late.empty()) {
        commit(now); // so that no transaction is open
    }
    for (const Answer& late : all_late) {
        if (!connection_) {
            return;
        }
        answered(late, nullptr, now);
    }
}

void Machine::reconnect(Instant now) {
    now_ = now;
    if (!linked_ || shut_ != Shut::no || attempt_) {
        return;
    }
    guarded(now, [&] {
        store::Device device{database_};
        device.erase(names::stopped);
        device.erase(names::banned_until);
    });
    if (try_disk_at_ != Instant::max()) {
        return;
    }
    back_off_.reset();
    refused_version_.reset();
    handshakes_failed_ = 0;
    malformed_ = 0;
    unknown_failures_ = 0;
    leave_connection(now);
    mode_ = Mode::running;
    set_state(State::connecting, starting);
    connect_after(std::chrono::milliseconds{0}, now);
    settle(now);
}

void Machine::shut_down(Instant now) {
    now_ = now;
    guarded(now, [&] { commit(now); });
    shut_ = Shut::process;
    leave_connection(now);
    connect_at_ = Instant::max();
}

} // namespace vestari::live
