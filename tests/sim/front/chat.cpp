#include <boost/asio/buffer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <deque>

#include "tests/sim/front/loop.hpp"

namespace vestari::sim {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

constexpr std::string_view path = "/ws/chat";

class Chat;
// The connections that are open, so that each can be asked to write.
std::vector<std::weak_ptr<Chat>>& open_chats() {
    static std::vector<std::weak_ptr<Chat>> chats;
    return chats;
}

class Chat : public std::enable_shared_from_this<Chat> {
public:
    Chat(Loop& loop, Tcp::socket socket)
        : loop_{loop}, stream_{beast::tcp_stream{std::move(socket)}, loop.tls} {}
    Chat(const Chat&) = delete;
    Chat& operator=(const Chat&) = delete;
    ~Chat() { leave(); }

    void start() {
        stream_.next_layer().async_handshake(asio::ssl::stream_base::server,
                                             [self = shared_from_this()](error_code failed) {
                                                 if (!failed) {
                                                     self->read_upgrade();
                                                 }
                                             });
    }

    // Takes what the service has for this client and writes it, one message after the other.
    void flush() {
        if (link_ == nullptr) {
            return;
        }
        for (Bytes& message : link_->take_output()) {
            waiting_.push_back(std::move(message));
        }
        ending_ = link_->ending();
        write_next();
    }

private:
    void read_upgrade() {
        http::async_read(stream_.next_layer(), buffer_, request_,
                         [self = shared_from_this()](error_code failed, std::size_t) {
                             if (!failed) {
                                 self->on_upgrade();
                             }
                         });
    }

    void on_upgrade() {
        const std::string_view target{request_.target().data(), request_.target().size()};
        if (!websocket::is_upgrade(request_) || !target.starts_with(path)) {
            return refuse(http::status::not_found);
        }
        if (!loop_.service.accepts_connections()) {
            return refuse(http::status::service_unavailable);
        }
        stream_.binary(true);
        stream_.read_message_max(std::size_t{16} << 20U);
        stream_.async_accept(request_, [self = shared_from_this()](error_code failed) {
            if (!failed) {
                self->open();
            }
        });
    }

    void refuse(http::status why) {
        refusal_.result(why);
        refusal_.keep_alive(false);
        refusal_.prepare_payload();
        http::async_write(stream_.next_layer(), refusal_,
                          [self = shared_from_this()](error_code, std::size_t) {
                              beast::get_lowest_layer(self->stream_).close();
                          });
    }

    void open() {
        link_ = &loop_.service.connect(monotonic_now());
        open_chats().push_back(weak_from_this());
        read();
        loop_.settle();
    }

    void read() {
        stream_.async_read(buffer_, [self = shared_from_this()](error_code failed, std::size_t) {
            self->on_read(failed);
        });
    }

    void on_read(error_code failed) {
        if (failed) {
            leave();
            return loop_.settle();
        }
        if (link_ != nullptr) {
            const auto data = buffer_.data();
            link_->received({static_cast<const std::byte*>(data.data()), data.size()},
                            monotonic_now());
        }
        buffer_.clear();
        loop_.settle();
        read();
    }

    void write_next() {
        if (writing_ || over_) {
            return;
        }
        if (waiting_.empty()) {
            return finish();
        }
        writing_ = true;
        stream_.async_write(asio::buffer(waiting_.front()),
                            [self = shared_from_this()](error_code failed, std::size_t) {
                                self->writing_ = false;
                                self->waiting_.pop_front();
                                if (!failed) {
                                    self->write_next();
                                }
                            });
    }

    // Everything is written: end the connection if the service wants that.
    void finish() {
        if (ending_ == Ending::none) {
            return;
        }
        over_ = true;
        if (ending_ == Ending::reset) {
            beast::get_lowest_layer(stream_).close();
        } else {
            stream_.async_close(websocket::close_code::normal,
                                [self = shared_from_this()](error_code) {});
        }
    }

    void leave() {
        if (link_ != nullptr) {
            std::exchange(link_, nullptr)->closed(monotonic_now());
        }
    }

    Loop& loop_;
    websocket::stream<beast::ssl_stream<beast::tcp_stream>> stream_;
    beast::flat_buffer buffer_;
    http::request<http::empty_body> request_;
    http::response<http::empty_body> refusal_;
    Link* link_ = nullptr;
    std::deque<Bytes> waiting_;
    Ending ending_ = Ending::none;
    bool writing_ = false, over_ = false;
};

void flush_all() {
    std::erase_if(open_chats(), [](const std::weak_ptr<Chat>& chat) { return chat.expired(); });
    const std::vector<std::weak_ptr<Chat>> now_open = open_chats();
    for (const std::weak_ptr<Chat>& chat : now_open) {
        if (const std::shared_ptr<Chat> alive = chat.lock()) {
            alive->flush();
        }
    }
}

} // namespace

void serve_chat(Loop& loop, Tcp::acceptor& acceptor) {
    loop.flush = flush_all;
    acceptor.async_accept([&loop, &acceptor](error_code failed, Tcp::socket socket) {
        if (failed) {
            return;
        }
        std::make_shared<Chat>(loop, std::move(socket))->start();
        serve_chat(loop, acceptor);
    });
}

} // namespace vestari::sim
