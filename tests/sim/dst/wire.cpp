#include "tests/sim/dst/wire.hpp"

namespace vestari::sim::dst {

using std::chrono::milliseconds;

namespace {

constexpr std::size_t read_together =
    64; // messages in one turn of the driver: a socket's reader finds several

} // namespace

// When something sent now arrives: not before what was sent earlier.
Instant Wire::later(Instant& last) {
    last = std::max(last, now_ + milliseconds{1 + random_.below(40)});
    return last;
}

void Wire::settle(live::Account& account) {
    service_.tick(now_);
    Bytes sent = account.take_output();
    if (!sent.empty() && socket_ == Socket::open) {
        agenda_.at(later(last_up_), [this, number = connection_, bytes = std::move(sent)] {
            if (number == connection_ && link_ != nullptr) {
                link_->received(bytes, now_);
            }
        });
    }
    if (socket_ == Socket::open) {
        from_service(account);
    }
    if (account.wants_connection() && socket_ == Socket::closed) {
        begin(account);
    } else if (!account.wants_connection() && socket_ == Socket::open) {
        end_at(later(last_up_), account, live::Closed::by_us);
    }
}

void Wire::begin(live::Account& account) {
    socket_ = Socket::opening;
    agenda_.at(now_ + milliseconds{20 + random_.below(200)},
               [this, number = ++connection_, &account] {
                   if (number == connection_) {
                       try_to_open(account);
                   }
               });
}

void Wire::try_to_open(live::Account& account) {
    socket_ = Socket::closed;
    if (!account.wants_connection()) {
        return account.closed({.why = live::Closed::by_us}, now_);
    }
    if (no_network_ != 0 && random_.below(1000) < no_network_) {
        ++failed_attempts;
        return account.closed({.why = live::Closed::name_not_found}, now_);
    }
    if (!service_.accepts_connections()) {
        ++failed_attempts;
        return account.closed({.why = live::Closed::http_status, .http_status = 503}, now_);
    }
    socket_ = Socket::open;
    link_ = &service_.connect(now_);
    account.opened(now_);
}

void Wire::from_service(live::Account& account) {
    std::vector<Bytes> messages = link_->take_output();
    for (std::size_t at = 0; at < messages.size(); at += read_together) {
        const auto from = messages.begin() + static_cast<std::ptrdiff_t>(at);
        const auto until = messages.begin() + static_cast<std::ptrdiff_t>(
                                                  std::min(at + read_together, messages.size()));
        agenda_.at(later(last_down_),
                   [this, number = connection_, &account, batch = std::vector<Bytes>(from, until)] {
                       for (const Bytes& message : batch) {
                           if (number == connection_ && account.wants_connection()) {
                               account.received(message, now_);
                           }
                       }
                   });
    }
    if (link_->ending() == Ending::close) {
        end_at(later(last_down_), account, live::Closed::by_peer);
    } else if (link_->ending() == Ending::reset) {
        end_at(later(last_down_), account, live::Closed::lost);
    }
}

void Wire::end_at(Instant when, live::Account& account, live::Closed why) {
    socket_ = Socket::ending;
    agenda_.at(when, [this, number = connection_, &account, why] {
        if (number == connection_) {
            cut();
            account.closed({.why = why}, now_);
        }
    });
}

void Wire::cut() {
    ++connection_;
    socket_ = Socket::closed;
    if (link_ != nullptr) {
        std::exchange(link_, nullptr)->closed(now_);
    }
}

} // namespace vestari::sim::dst
