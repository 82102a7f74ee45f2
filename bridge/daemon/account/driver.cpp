#include "bridge/daemon/account/driver.hpp"

#include <algorithm>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace vestari::daemon {

namespace {

live::Closed why_of(net::Failure failure) noexcept {
    using live::Closed;
    using net::Failure;
    switch (failure) {
    case Failure::dns: return Closed::name_not_found;
    case Failure::refused:
    case Failure::unreachable: return Closed::refused;
    case Failure::timed_out: return Closed::timed_out;
    case Failure::trust_store:
    case Failure::certificate_expired:
    case Failure::certificate_not_yet_valid:
    case Failure::certificate_wrong_host:
    case Failure::certificate_unknown_issuer:
    case Failure::certificate_wrong_purpose:
    case Failure::certificate_invalid: return Closed::tls_certificate;
    case Failure::tls_too_old:
    case Failure::tls_failed: return Closed::tls_protocol;
    case Failure::bad_answer: // no web socket, or a broken one: a proxy, most likely
    case Failure::http_status: return Closed::http_status;
    case Failure::closed: return Closed::by_peer;
    case Failure::too_long:
    case Failure::lost:
    case Failure::write_stalled: return Closed::lost;
    }
    return Closed::lost;
}

} // namespace

class Driver::Impl final : public std::enable_shared_from_this<Impl>,
                           private net::Connection::Events {
public:
    Impl(const boost::asio::any_io_executor& strand, const net::Endpoint& endpoint,
         live::Account& account, service::Log::OfAccount& log, DriverHooks hooks)
        : strand_{strand}, endpoint_{endpoint}, account_{account}, log_{log},
          hooks_{std::move(hooks)}, timer_{strand} {}

    void turn(const std::function<void(live::Account&, Instant)>& call) {
        if (state_ != State::driving) {
            return;
        }
        try {
            call(account_, monotonic_now());
            settle();
            hooks_.turned();
        } catch (...) {
            end();
            hooks_.failed(std::current_exception());
        }
    }

    void stop() {
        if (state_ != State::driving) {
            return;
        }
        turn([](live::Account& account, Instant now) { account.shut_down(now); });
        if (connection_) {
            connection_->close();
        }
        state_ = State::stopped;
        timer_.cancel();
    }

    void end() {
        state_ = State::stopped;
        timer_.cancel();
        connection_.reset();
        closing_.reset();
    }

private:
    enum class State : std::uint8_t { driving, stopped };
    enum class Reading : std::uint8_t { on, paused };

    void settle() {
        for (;;) {
            if (Bytes output = account_.take_output(); !output.empty() && connection_) {
                connection_->write(std::move(output));
            }
            if (account_.wants_connection() == static_cast<bool>(connection_)) {
                break;
            }
            if (!connection_) {
                connection_ = net::Connection::start(strand_, endpoint_, *this);
                reading_ = Reading::on;
                break;
            }
            connection_->close(); // writes what is queued first; says nothing to us any more
            closing_ = std::move(connection_);
            account_.closed({.why = live::Closed::by_us}, monotonic_now());
        }
        pace();
        wake_up_later();
    }

    void pace() {
        const Reading wanted = account_.reading_paused() ? Reading::paused : Reading::on;
        if (!connection_ || wanted == reading_) {
            return;
        }
        reading_ = wanted;
        if (wanted == Reading::paused) {
            connection_->pause();
        } else {
            connection_->resume();
        }
    }

    void wake_up_later() {
        const Instant at = account_.wake_at();
        if (at == armed_ && at > monotonic_now()) {
            return;
        }
        armed_ = at;
        if (at == Instant::max()) {
            timer_.cancel();
            return;
        }
        timer_.expires_at(at);
        timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& stopped) {
            const std::shared_ptr<Impl> self = weak.lock();
            if (!stopped && self) {
                self->armed_ = Instant::max();
                self->turn([](live::Account& account, Instant now) { account.tick(now); });
            }
        });
    }

    void opened() override {
        turn([](live::Account& account, Instant now) { account.opened(now); });
    }
    void received(BytesView bytes) override {
        turn([bytes](live::Account& account, Instant now) { account.received(bytes, now); });
    }
    void closed(net::CloseReason reason) override {
        const std::unique_ptr<net::Connection> gone = std::move(connection_); // until we return
        log_.event(service::Level::info, {}, "the connection ended: {} {}",
                   service::Word::of_literal(net::name_of(reason.failure)), reason.http_status);
        turn([&reason](live::Account& account, Instant now) {
            account.closed({.why = why_of(reason.failure), .http_status = reason.http_status}, now);
        });
    }

    boost::asio::any_io_executor strand_;
    const net::Endpoint& endpoint_;
    live::Account& account_;
    service::Log::OfAccount& log_;
    DriverHooks hooks_;
    boost::asio::steady_timer timer_;
    Instant armed_ = Instant::max();
    State state_ = State::driving;
    Reading reading_ = Reading::on;
    std::unique_ptr<net::Connection> connection_;
    std::unique_ptr<net::Connection> closing_; // says goodbye, within Timeouts::close
};

Driver::Driver(const boost::asio::any_io_executor& strand, const net::Endpoint& endpoint,
               live::Account& account, service::Log::OfAccount& log, DriverHooks hooks)
    : impl_{std::make_shared<Impl>(strand, endpoint, account, log, std::move(hooks))} {}

Driver::~Driver() { impl_->end(); }

void Driver::turn(const std::function<void(live::Account&, Instant)>& call) { impl_->turn(call); }
void Driver::stop() { impl_->stop(); }

} // namespace vestari::daemon
