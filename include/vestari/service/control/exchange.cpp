#include "vestari/service/control/exchange.hpp"

#include <utility>

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "vestari/service/control/http.hpp"
#include "vestari/service/control/request.hpp"

namespace vestari::service {

Waker::Waker() : event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {}

void Waker::wake() const noexcept {
    const std::uint64_t one = 1;
    static_cast<void>(::write(event_.get(), &one, sizeof one) == 0);
}

void Waker::clear() const noexcept {
    std::uint64_t count = 0;
    static_cast<void>(::read(event_.get(), &count, sizeof count) == 0);
}

void Exchange::whole(unsigned status, std::string_view content_type, std::string_view body) {
    std::unique_lock lock{mutex_};
    if (said_ != Said::nothing) {
        return;
    }
    if (client_ == Client::there) {
        output_ = whole_response(status, content_type, body);
    }
    finish(lock);
}

bool Exchange::line(std::string_view json) {
    const std::scoped_lock lock{mutex_};
    if (said_ == Said::everything || client_ == Client::gone) {
        return false;
    }
    if (output_.size() + json.size() > max_unfetched_bytes) {
        client_ = Client::gone; // too slow: the connection closes
        said_ = Said::everything;
        waker_->wake();
        return false;
    }
    if (std::exchange(said_, Said::lines) == Said::nothing) {
        output_ += stream_header();
        streamed_ = true;
    }
    output_ += fmt::format("{:x}\r\n{}\n\r\n", json.size() + 1, json);
    waker_->wake();
    return true;
}

void Exchange::start() {
    const std::scoped_lock lock{mutex_};
    if (said_ == Said::nothing && client_ == Client::there) {
        said_ = Said::lines;
        streamed_ = true;
        output_ += stream_header();
        waker_->wake();
    }
}

void Exchange::end() {
    std::unique_lock lock{mutex_};
    if (said_ == Said::everything) {
        return;
    }
    if (said_ == Said::nothing) {
        output_ += stream_header();
        streamed_ = true;
    }
    output_ += "0\r\n\r\n";
    finish(lock);
}

void Exchange::abandon() {
    std::unique_lock lock{mutex_};
    if (said_ == Said::nothing) {
        output_ = whole_response(500, json_type, R"({"error":"no_answer"})");
    } else if (said_ == Said::lines) {
        output_ += "0\r\n\r\n";
    }
    if (said_ != Said::everything) {
        finish(lock);
    }
}

void Exchange::finish(std::unique_lock<std::mutex>& lock) {
    said_ = Said::everything;
    // What the function holds may hold the answer: it is let go outside of the lock.
    const std::function<void()> forgotten = std::exchange(on_gone_, {});
    waker_->wake();
    lock.unlock();
}

bool Exchange::gone() const {
    const std::scoped_lock lock{mutex_};
    return client_ == Client::gone;
}

void Exchange::on_gone(std::function<void()> what) {
    std::unique_lock lock{mutex_};
    if (said_ == Said::everything && client_ == Client::there) {
        return;
    }
    if (client_ == Client::gone) {
        lock.unlock();
        what();
        return;
    }
    on_gone_ = std::move(what);
}

std::string Exchange::take_output() {
    const std::scoped_lock lock{mutex_};
    return std::exchange(output_, {});
}

bool Exchange::answered() const {
    const std::scoped_lock lock{mutex_};
    return said_ != Said::nothing;
}

bool Exchange::complete() const {
    const std::scoped_lock lock{mutex_};
    return said_ == Said::everything;
}

bool Exchange::streams() const {
    const std::scoped_lock lock{mutex_};
    return streamed_;
}

void Exchange::client_left() {
    std::unique_lock lock{mutex_};
    client_ = Client::gone;
    const std::function<void()> what = std::exchange(on_gone_, {});
    output_.clear();
    lock.unlock();
    if (what) {
        what();
    }
}

std::string_view to_string(Method method) noexcept {
    switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::del: return "DELETE";
    case Method::other: break;
    }
    return "other";
}

Responder::Responder(std::shared_ptr<Exchange> exchange) noexcept
    : exchange_{std::move(exchange)} {}
Responder::~Responder() { exchange_->abandon(); }
void Responder::json(unsigned status, std::string_view body) {
    exchange_->whole(status, json_type, body);
}
void Responder::text(unsigned status, std::string_view content_type, std::string_view body) {
    exchange_->whole(status, content_type, body);
}
void Responder::error(unsigned status, std::string_view word) {
    exchange_->whole(status, json_type, fmt::format(R"({{"error":"{}"}})", word));
}
bool Responder::line(std::string_view json) { return exchange_->line(json); }
void Responder::start() { exchange_->start(); }
void Responder::end() { exchange_->end(); }
bool Responder::gone() const { return exchange_->gone(); }
void Responder::on_gone(std::function<void()> what) { exchange_->on_gone(std::move(what)); }

} // namespace vestari::service
