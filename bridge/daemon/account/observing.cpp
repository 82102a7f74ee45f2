#include "bridge/daemon/account/runner_impl.hpp"
#include "bridge/daemon/control/json.hpp"

namespace vestari::daemon {

namespace {

// systemd/vestari.catalog explains them.
constexpr service::MessageId state_message{"5d8c2c2f6a4e4bd2a2c9d5b4f3e0a1c7"};
constexpr service::MessageId warning_message{"a3f1c6f0b7584e6f9c1d2e3f4a5b6c7d"};
constexpr service::MessageId guard_message{"e07b9c4d1f2a4c3b8d5e6f7a8b9c0d1e"};

bool at_rest(live::State state) noexcept {
    switch (state) {
    case live::State::outdated:
    case live::State::logged_out:
    case live::State::banned:
    case live::State::replaced:
    case live::State::passkey_wanted:
    case live::State::refused: return true;
    case live::State::unlinked:
    case live::State::linking:
    case live::State::connecting:
    case live::State::connected:
    case live::State::degraded:
    case live::State::offline:
    case live::State::waiting_for_keys: return false;
    }
    return false;
}

} // namespace

void Runner::Impl::state_changed(const live::StateChange& change) {
    me_ = Told::not_yet;
    log_.event(at_rest(change.state) ? service::Level::error : service::Level::info, state_message,
               "state {}: {}", service::Word::of_literal(live::to_string(change.state)),
               service::Word::of_literal(change.why.code));
    context_.events.publish(account_.name, state_event(account_.name, change),
                            context_.clock.now());
}

void Runner::Impl::link_event(const link::LinkEvent& event) {
    const bool over = std::holds_alternative<link::LinkedAs>(event) ||
                      std::holds_alternative<link::LinkFailed>(event);
    if (linking_) {
        std::string line = daemon::link_event(event); // to this one stream, and nowhere else
        linking_->line(line);
        crypto::wipe(line);
        if (over) {
            linking_->end();
            linking_.reset();
        }
    }
}

void Runner::Impl::warning(const live::Warning& warning) {
    if (warning.code == "unlink_failed") {
        unlink_ = Unlink::failed; // looked at when the account has come to an end with it
    }
    log_.event(service::Level::warning, warning_message, "warning: {}",
               service::Word::of_literal(warning.code));
    context_.events.publish(account_.name, warning_event(account_.name, warning),
                            context_.clock.now());
}

void Runner::Impl::warning_ended(std::string_view code) {
    log_.event(service::Level::info, {}, "warning over: {}", service::Word::of_literal(code));
}

void Runner::Impl::groups_changed() { names_ = Told::not_yet; }

void Runner::Impl::version_wanted() { context_.version_wanted(); }

void Runner::Impl::audit(const live::AuditEntry& entry) {
    log_.event(service::Level::error, guard_message, "{}: {}",
               service::Word::of_literal(entry.what), entry.error);
    context_.note({.what = std::string{entry.what},
                   .by = {},
                   .account = account_.name,
                   .values = 0,
                   .note = entry.error.message()});
}

} // namespace vestari::daemon
