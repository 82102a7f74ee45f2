#include "vestari/service/control/connection.hpp"

#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/socket.h>

namespace vestari::service {

namespace {
constexpr auto never = Connection::Time::max();
}

Connection::Connection(Descriptor socket, const Peer& peer, std::shared_ptr<Waker> waker, Time now,
                       const ControlOptions& options)
    : options_{options}, socket_{std::move(socket)}, peer_{peer},
      exchange_{std::make_shared<Exchange>(std::move(waker))}, since_{now},
      deadline_{now + options.request_time} {}

Connection::~Connection() { exchange_->client_left(); }

short Connection::wanted() const {
    if (stage_ == Stage::reading) {
        return POLLIN;
    }
    return output_.empty() ? 0 : POLLOUT; // POLLHUP and POLLERR come unasked
}

Connection::Next Connection::readable(Time now) {
    std::array<char, 16'384> block{};
    while (stage_ == Stage::reading) {
        const ssize_t got = ::recv(socket_.get(), block.data(), block.size(), 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return Next::nothing;
        }
        if (got <= 0) {
            hang_up();
            return Next::nothing;
        }
        switch (reader_.feed({block.data(), static_cast<std::size_t>(got)})) {
        case RequestReader::Progress::more:
            if (reader_.wants_continue()) {
                constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
                static_cast<void>(::send(socket_.get(), go_on.data(), go_on.size(), MSG_NOSIGNAL));
            }
            break;
        case RequestReader::Progress::ready: return Next::request;
        case RequestReader::Progress::bad: refuse(400, "bad_request", now); break;
        case RequestReader::Progress::too_large: refuse(413, "too_large", now); break;
        }
    }
    return Next::nothing;
}

Request Connection::take_request() {
    Request request = reader_.take();
    request.peer = peer_;
    return request;
}

Answer Connection::handling(Route::Kind kind, Time now) {
    stage_ = Stage::handling;
    route_kind_ = kind;
    deadline_ = kind == Route::Kind::stream ? never : now + options_.answer_time;
    return std::make_shared<Responder>(exchange_);
}

void Connection::refuse(unsigned status, std::string_view word, Time now) {
    handling(Route::Kind::whole, now)->error(status, word);
    pump(now);
}

void Connection::pump(Time now) {
    if (stage_ != Stage::handling) {
        return;
    }
    if (output_.empty()) {
        output_ = exchange_->take_output();
        sent_ = 0;
        if (!output_.empty()) {
            deadline_ = now + options_.fetch_time;
        }
    }
    while (sent_ < output_.size()) {
        const ssize_t put = ::send(socket_.get(), output_.data() + sent_, output_.size() - sent_,
                                   MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return;
        }
        if (put <= 0) {
            hang_up();
            return;
        }
        sent_ += static_cast<std::size_t>(put);
        deadline_ = now + options_.fetch_time;
        if (sent_ == output_.size()) {
            output_ = exchange_->take_output();
            sent_ = 0;
        }
    }
    if (exchange_->complete()) {
        output_ = exchange_->take_output(); // said between the last look and now
        sent_ = 0;
        if (output_.empty()) {
            ::shutdown(socket_.get(), SHUT_WR);
            stage_ = Stage::over;
        } else {
            pump(now);
        }
    } else if (route_kind_ == Route::Kind::stream) {
        deadline_ = never; // silent until there is something to say
    }
}

void Connection::hang_up() {
    stage_ = Stage::over;
    exchange_->client_left();
}

void Connection::expire(Time now) {
    if (stage_ == Stage::reading) {
        refuse(408, "too_slow", now);
    } else if (stage_ == Stage::handling && !exchange_->answered()) {
        exchange_->whole(504, json_type, R"({"error":"no_answer"})");
        pump(now);
    } else {
        hang_up();
    }
}

} // namespace vestari::service
