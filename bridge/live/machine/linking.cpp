#include <algorithm>

#include "bridge/live/machine/machine.hpp"
#include "bridge/store/forget.hpp"

namespace vestari::live {

namespace {

constexpr std::chrono::minutes attempt_lasts{5};
constexpr std::chrono::seconds code_lasts{180};
constexpr std::chrono::seconds unlink_patience{20};

const Reason scanning{"linking", "a code is shown, or will be", "scan it with the phone"};
const Reason unlinked_by_order{"unlinked", "this device was unlinked", "vestari link"};
const Reason gave_up{"link_timed_out", "nobody scanned the code in time", "vestari link"};
const Reason cancelled{"link_cancelled", "linking was cancelled", "vestari link"};
const Reason not_vouched_for{"pairing_refused", "the phone's answer could not be verified",
                             "vestari link, and scan with the phone that owns the account"};
const Reason wants_passkey{"passkey", "linking this account needs a passkey",
                           "link with the QR code or with a code, not with a passkey"};

outbound::out::PairFault fault_of(const link::Rejected& rejected) noexcept {
    if (rejected == link::hmac_mismatch) {
        return outbound::out::PairFault::hmac_mismatch;
    }
    return rejected == link::signature_mismatch ? outbound::out::PairFault::signature_mismatch
                                                : outbound::out::PairFault::internal_error;
}

std::optional<outbound::out::AnsweredId> id_of(const wire::Node& iq) {
    Result<outbound::out::Text> id = outbound::out::Text::of(iq.text_of("id").value_or(""));
    return id ? std::optional{outbound::out::AnsweredId{std::move(*id)}} : std::nullopt;
}

} // namespace

const Reason code_refused{"code_refused", "WhatsApp refuses to link this number with a code",
                          "check the number, or use the QR code"};

Result<> Machine::link(const LinkOptions& options, Instant now) {
    now_ = now;
    if (shut_ != Shut::no) {
        return LiveErrc::shut_by_guard;
    }
    if (attempt_) {
        return LiveErrc::busy;
    }
    if (linked_ && !credentials_are_dead()) {
        return LiveErrc::already_linked;
    }
    if (const Result<> allowed = attempts_.begin(now); !allowed) {
        return allowed;
    }
    if (linked_) {
        forget_device(now); // its credentials are dead
    }
    Result<link::DeviceSecrets> device = link::open_device(database_, clock_);
    if (!device) {
        return device.error();
    }
    std::optional<link::PairCode> code;
    if (!options.phone.empty()) {
        Result<link::PairCode> begun = link::PairCode::begin(options.phone, *device);
        if (!begun) {
            return begun.error();
        }
        code.emplace(std::move(*begun));
    }
    attempt_.emplace(
        Attempt{options, std::move(*device), now + attempt_lasts, {}, {}, std::move(code)});
    mode_ = Mode::linking;
    back_off_.reset();
    refused_version_.reset();
    handshakes_failed_ = 0;
    set_state(State::linking, scanning);
    connect_after(std::chrono::milliseconds{0}, now);
    settle(now);
    return {};
}

bool Machine::credentials_are_dead() const noexcept {
    return mode_ == Mode::resting && state_.state != State::outdated &&
           state_.state != State::replaced;
}

void Machine::cancel_link(Instant now) {
    now_ = now;
    if (attempt_ && attempt_->step == Attempt::Step::waiting) {
        link_failed(link::Failure::cancelled, State::unlinked, cancelled);
    }
}

void Machine::link_failed(link::Failure why, State rest, const Reason& reason) {
    const bool paired = attempt_->step == Attempt::Step::paired;
    attempt_.reset();
    leave_connection(now_);
    connect_at_ = Instant::max();
    version_by_ = Instant::max();
    mode_ = Mode::resting;
    if (paired && rest == State::unlinked) { // linked, only slow to log in: keep trying
        mode_ = Mode::running;
        connect_after(back_off_.next(BackOff::Cause::network, random_), now_);
        set_state(State::offline, reason);
    } else {
        set_state(rest, reason);
    }
    observer_.link_event(link::LinkFailed{why});
}

void Machine::pair_device(const wire::Node& stanza, Instant now) {
    const std::optional<outbound::out::AnsweredId> id = id_of(stanza);
    Result<std::vector<std::string>> refs = link::refs_of(stanza);
    if (!id || !refs) {
        integrity_failed({}, now);
        return;
    }
    connection_->send(outbound::out::PairDeviceSeen{*id});
    connection_->wait_for_people();
    if (attempt_->code) {
        begin_code(now);
        return;
    }
    attempt_->refs.emplace(std::move(*refs), now);
    attempt_->shown.clear();
    rotate_qr(now);
}

void Machine::rotate_qr(Instant now) {
    const std::string* const ref = attempt_->refs->current(now);
    if (ref == nullptr) {
        link_failed(link::Failure::timed_out, State::unlinked, gave_up);
        return;
    }
    if (*ref == attempt_->shown) {
        return;
    }
    attempt_->shown = *ref;
    observer_.link_event(
        link::QrShown{link::qr_text(*ref, attempt_->device, link::DeviceProps{}.platform),
                      clock_.now() + (attempt_->refs->shown_until() - now)});
}

void Machine::begin_code(Instant now) {
    if (attempt_->hello == Attempt::Hello::sent) { // the connection of the last one is gone
        Result<link::PairCode> code =
            link::PairCode::begin(attempt_->options.phone, attempt_->device);
        VESTARI_CHECK(code.has_value());
        attempt_->code.emplace(std::move(*code));
    }
    attempt_->hello = Attempt::Hello::sent;
    const link::CompanionHello& hello = attempt_->code->hello();
    Result<outbound::out::Text> display = outbound::out::Text::of(hello.platform_display);
    const auto phone = outbound::out::Phone::of(hello.phone);
    VESTARI_CHECK(display && phone);
    connection_->ask(Ask::companion_hello, now, [&](auto id) {
        return outbound::out::CompanionHello{id,
                                             *phone,
                                             hello.wrapped_ephemeral,
                                             hello.noise_key,
                                             outbound::out::ClientType::chrome,
                                             std::move(*display)};
    });
    attempt_->until = now + code_lasts;
    observer_.link_event(link::CodeShown{attempt_->code->shown(), clock_.now() + code_lasts});
}

void Machine::code_typed(const wire::Node& notification, Instant now) {
    if (!attempt_ || !attempt_->code) {
        return;
    }
    Result<link::CodeFinished> finished = attempt_->code->finish(notification, attempt_->device);
    if (!finished) {
        if (finished.error() != link::LinkErrc::code_out_of_step) { // a repetition is nothing
            link_failed(link::Failure::refused, State::refused, code_refused);
        }
        return;
    }
    link::replace_adv_secret(database_, finished->adv_secret);
    attempt_->device.adv_secret = std::move(finished->adv_secret);
    link::CompanionFinish& finish = finished->finish;
    const auto phone = outbound::out::Phone::of(finish.phone);
    VESTARI_CHECK(phone.has_value());
    connection_->ask(Ask::companion_finish, now, [&](auto id) {
        return outbound::out::CompanionFinish{id, *phone, finish.wrapped_bundle, finish.identity,
                                              std::move(finish.ref)};
    });
}

void Machine::pair_success(const wire::Node& stanza, Instant now) {
    const std::optional<outbound::out::AnsweredId> id = id_of(stanza);
    if (!id || attempt_->step == Attempt::Step::paired) {
        return;
    }
    auto verdict = link::verify_pair_success(stanza, attempt_->device, clock_.now());
    if (const auto* rejected = std::get_if<link::Rejected>(&verdict)) {
        connection_->send(outbound::out::PairDeviceRefused{*id, fault_of(*rejected)});
        link_failed(link::Failure::refused, State::refused, not_vouched_for);
        return;
    }
    auto& paired = std::get<link::Paired>(verdict);
    try {
        link::store_linked(database_, paired.linked); // durable before the answer
    } catch (const boost::system::system_error&) {
        connection_->send(
            outbound::out::PairDeviceRefused{*id, outbound::out::PairFault::internal_error});
        throw;
    }
    linked_ = std::move(paired.linked);
    attempt_->step = Attempt::Step::paired;
    attempt_->refs.reset();
    attempt_->until = now + attempt_lasts;
    inbox_->set_device({linked_->me, linked_->lid}, linked_->account);
    learn_time(paired.server_time, now, now);
    connection_->send(outbound::out::PairDeviceSign{*id, paired.reply.key_index,
                                                    std::move(paired.reply.device_identity)});
}

void Machine::link_timers(Instant now) {
    if (attempt_->refs && connection_ && attempt_->step == Attempt::Step::waiting) {
        rotate_qr(now);
    }
    if (attempt_ && now >= version_by_) {
        link_failed(link::Failure::outdated, State::outdated, failure::still_outdated.why);
    }
    if (attempt_ && now >= attempt_->until) {
        link_failed(link::Failure::timed_out, State::unlinked, gave_up);
    }
}

// What the phone asks for during linking, in place of a code.
void Machine::passkey_wanted() {
    if (attempt_) {
        link_failed(link::Failure::passkey_wanted, State::passkey_wanted, wants_passkey);
    }
}

Result<> Machine::unlink(Instant now) {
    now_ = now;
    if (attempt_) {
        cancel_link(now);
        return {};
    }
    if (!linked_) {
        return LiveErrc::not_linked;
    }
    if (connection_ && connection_->phase() == Connection::Phase::logged_in) {
        commit(now);
        if (connection_ && !unlinking_) {
            unlinking_ = true;
            connection_->ask(
                Ask::unlink, now, [&](auto id) { return outbound::out::Unlink{id, linked_->me}; },
                server::phone, unlink_patience);
        }
        settle(now);
        return {};
    }
    if (mode_ == Mode::running) {
        return LiveErrc::not_connected;
    }
    if (state_.state != State::logged_out) {
        warnings_.raise(warn::unlink_failed); // nobody is connected to whom it could be told
    }
    forget_device(now);
    return {};
}

void Machine::unlink_answered(const Answer& answer, Instant now) {
    unlinking_ = false;
    if (answer.kind == Answer::Kind::result) {
        forget_device(now);
    } else {
        warnings_.raise(warn::unlink_failed);
    }
}

void Machine::forget_device(Instant now) {
    leave_connection(now);
    connect_at_ = Instant::max();
    std::optional<link::Linked> before = std::exchange(linked_, std::nullopt);
    inbox_.reset(); // it caches rows
    try {           // the new one writes too: both happen, or neither does
        store::Savepoint both{database_};
        store::forget_device(database_);
        make_inbox();
        both.release();
    } catch (...) {
        linked_ = std::move(before);
        make_inbox();
        throw;
    }
    phone_last_seen_.reset();
    pre_keys_.forget();
    directory_.forget();
    mode_ = Mode::resting;
    set_state(State::unlinked, unlinked_by_order);
}

} // namespace vestari::live
