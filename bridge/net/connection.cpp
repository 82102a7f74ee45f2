#include "bridge/net/connection.hpp"

#include <deque>
#include <exception>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "bridge/net/dial.hpp"

namespace vestari::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

namespace {

// A read takes what is there: much while a queue comes, little on a quiet line, which keeps little ready for it.
constexpr std::size_t long_piece = std::size_t{16} << 10U;
constexpr std::size_t short_piece = 1024;
constexpr const char* origin = "https://web.whatsapp.com";

// Without the code for compression: it is not offered, so it cannot be asked for.
using Socket = websocket::stream<TlsStream, false>;

void add_headers(websocket::request_type& request) {
    namespace http = beast::http;
    request.set(http::field::origin, origin);
    request.set(http::field::cache_control, "no-cache");
    request.set(http::field::pragma, "no-cache");
}

} // namespace

// Lives as long as anything is under way; the Connection holds it too. `events_` is null from the moment on when nothing is to be
// told any more.
class Connection::Session : public std::enable_shared_from_this<Session> {
public:
    Session(const asio::any_io_executor& strand, const Endpoint& endpoint, Events& events,
            const Timeouts& timeouts)
        : strand_{strand}, endpoint_{endpoint}, timeouts_{timeouts}, events_{&events},
          resolver_{strand}, deadline_{strand}, write_deadline_{strand}, resumed_{strand} {}

    void start() {
        expire(deadline_, timeouts_.open, Failure::timed_out);
        auto run_whole = run(shared_from_this());
        asio::co_spawn(
            strand_, std::move(run_whole),
            [self = shared_from_this()](const std::exception_ptr& failed) {
                if (failed) { // memory ran out, or a defect: the account's session ends, the process does not
                    self->finish({Failure::lost});
                }
            });
    }

    void write(Bytes message) {
        if (!open_ || stop_.requested || closing_ || message.empty()) {
            return;
        }
        queued_ += message.size();
        queue_.push_back(std::move(message));
        if (queued_ > max_queued) {
            asio::post(strand_,
                       [self = shared_from_this()] { self->finish({Failure::write_stalled}); });
        } else if (queue_.size() == 1) {
            write_first();
        }
    }

    void pause() { paused_ = true; }
    void resume() {
        paused_ = false;
        resumed_.cancel();
    }

    void close() {
        events_ = nullptr;
        if (stop_.requested || closing_) {
            return;
        }
        if (!open_) {
            return abort();
        }
        closing_ = true;
        expire(deadline_, timeouts_.close, Failure::lost);
        if (queue_.empty()) {
            say_goodbye();
        }
    }

    void abandon() {
        events_ = nullptr;
        if (!closing_) {
            abort();
        }
    }

private:
    asio::awaitable<void> run(std::shared_ptr<Session> self) {
        co_await asio::post(strand_, asio::use_awaitable); // no event from within start()
        if (stop_.requested) {
            co_return;
        }
        const std::optional<CloseReason> failed = co_await open();
        if (stop_.requested) {
            co_return;
        }
        if (failed) {
            co_return finish(*failed);
        }
        deadline_.cancel();
        open_ = true;
        events_->opened();
        co_await read();
        static_cast<void>(self);
    }

    asio::awaitable<std::optional<CloseReason>> open() {
        auto context = context_for(endpoint_.peer);
        if (!context) {
            co_return context.error();
        }
        socket_.emplace(strand_, **context);
        const std::optional<CloseReason> failed =
            co_await dial(resolver_, socket_->next_layer(), endpoint_.peer, timeouts_.open, stop_);
        if (failed || stop_.requested) {
            co_return failed;
        }
        socket_->set_option(websocket::stream_base::decorator{add_headers});
        socket_->read_message_max(0); // pieces are handed on as they come: no message is ever held
        websocket::response_type response;
        const std::string authority = authority_of(endpoint_.peer);
        const std::string target = endpoint_.path.empty() ? "/" : endpoint_.path;
        const auto [error] =
            co_await socket_->async_handshake(response, authority, target, as_result);
        if (error == websocket::error::upgrade_declined) {
            co_return CloseReason{Failure::http_status, response.result_int()};
        }
        if (error) {
            co_return reason_of(error);
        }
        socket_->binary(true);
        co_return std::nullopt;
    }

    asio::awaitable<void> read() {
        while (!stop_.requested) {
            co_await until_resumed();
            if (stop_.requested) {
                co_return;
            }
            const asio::mutable_buffer room = asio::buffer(piece_.get(), piece_bytes_);
            const auto [error, size] = co_await socket_->async_read_some(room, as_result);
            if (stop_.requested) {
                co_return;
            }
            if (error) {
                co_return finish(reason_of(error));
            }
            co_await until_resumed();
            if (size > 0 && events_ != nullptr && !socket_->got_text()) {
                events_->received(BytesView{piece_.get(), size});
            }
            resize_piece(size);
        }
    }

    void resize_piece(std::size_t filled) {
        const std::size_t fits = filled == piece_bytes_  ? long_piece
                                 : filled <= short_piece ? short_piece
                                                         : piece_bytes_;
        if (fits != piece_bytes_) {
            piece_ = std::make_unique_for_overwrite<std::byte[]>(fits);
            piece_bytes_ = fits;
        }
    }

    asio::awaitable<void> until_resumed() {
        while (paused_ && !stop_.requested) {
            resumed_.expires_at(asio::steady_timer::time_point::max());
            const auto [woken] = co_await resumed_.async_wait(as_result);
            static_cast<void>(woken);
        }
    }

    void write_first() {
        expire(write_deadline_, timeouts_.write, Failure::write_stalled);
        socket_->async_write(
            asio::buffer(queue_.front()),
            [self = shared_from_this()](error_code error, std::size_t) { self->written(error); });
    }

    void written(error_code error) {
        write_deadline_.cancel();
        if (stop_.requested) {
            return;
        }
        if (error) {
            return finish(reason_of(error));
        }
        queued_ -= queue_.front().size();
        queue_.pop_front();
        if (!queue_.empty()) {
            write_first();
        } else if (closing_) {
            say_goodbye();
        }
    }

    void say_goodbye() {
        socket_->async_close(websocket::close_code::normal,
                             [self = shared_from_this()](error_code) { self->abort(); });
    }

    void expire(asio::steady_timer& timer, std::chrono::milliseconds after, Failure failure) {
        timer.expires_after(after);
        timer.async_wait([self = shared_from_this(), failure](error_code cancelled) {
            if (!cancelled) {
                self->finish({failure});
            }
        });
    }

    void finish(CloseReason reason) {
        if (stop_.requested) {
            return;
        }
        abort();
        if (Events* events = std::exchange(events_, nullptr)) {
            events->closed(reason);
        }
    }

    // Ends every wait; what was under way finds `stop_` set.
    void abort() {
        stop_.requested = true;
        resolver_.cancel();
        deadline_.cancel();
        write_deadline_.cancel();
        resumed_.cancel();
        if (socket_) {
            beast::get_lowest_layer(*socket_).close();
        }
    }

    asio::any_io_executor strand_;
    Endpoint endpoint_;
    Timeouts timeouts_;
    Events* events_;
    asio::ip::tcp::resolver resolver_;
    asio::steady_timer deadline_; // of opening, later of closing
    asio::steady_timer write_deadline_;
    asio::steady_timer resumed_; // never expires: cancelled by resume()
    std::optional<Socket> socket_;
    std::deque<Bytes> queue_; // the first is being written
    std::size_t queued_ = 0;  // bytes
    std::unique_ptr<std::byte[]> piece_ = std::make_unique_for_overwrite<std::byte[]>(short_piece);
    std::size_t piece_bytes_ = short_piece;
    Stop stop_;
    bool open_ = false;
    bool closing_ = false;
    bool paused_ = false;
};

std::unique_ptr<Connection> Connection::start(const asio::any_io_executor& strand,
                                              const Endpoint& endpoint, Events& events,
                                              const Timeouts& timeouts) {
    auto session = std::make_shared<Session>(strand, endpoint, events, timeouts);
    session->start();
    return std::unique_ptr<Connection>{new Connection{std::move(session)}};
}

Connection::Connection(std::shared_ptr<Session> session) : session_{std::move(session)} {}
Connection::~Connection() { session_->abandon(); }
void Connection::write(Bytes message) { session_->write(std::move(message)); }
void Connection::pause() { session_->pause(); }
void Connection::resume() { session_->resume(); }
void Connection::close() { session_->close(); }

} // namespace vestari::net
