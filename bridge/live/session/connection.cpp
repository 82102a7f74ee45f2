#include "bridge/live/session/connection.hpp"

#include <algorithm>

namespace vestari::live {

Connection::Connection(std::uint64_t number, Line::Identity identity, Random& random, Instant now)
    : line{std::move(identity)}, requests{random}, keep_alive{now, random}, number_{number},
      login_by_{now + hello_patience} {}

void Connection::send(const outbound::Outbound& stanza) {
    if (error_) {
        return;
    }
    if (const Result<> sent = line.send(stanza); !sent) {
        error_ = sent.error();
        return;
    }
    ++sent_;
}

void Connection::handshake_done(Instant now) {
    phase_ = Phase::before_login;
    login_by_ = now + login_patience;
    keep_alive.restart(now);
}

void Connection::logged_in(Instant now) {
    phase_ = Phase::logged_in;
    logged_in_at_ = now;
    login_by_ = Instant::max();
    line.logged_in();
}

Instant Connection::wake_at() const noexcept {
    const Instant pinging =
        phase_ == Phase::hello ? Instant::max() : keep_alive.wake_at(); // section 9.1, 7
    return std::min({login_by_, requests.wake_at(), pinging});
}

} // namespace vestari::live
