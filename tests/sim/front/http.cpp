#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "tests/sim/front/loop.hpp"

namespace vestari::sim {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::chrono::seconds patience{30};

// One connection, request after request.
template <class Stream> class Talk : public std::enable_shared_from_this<Talk<Stream>> {
public:
    Talk(Loop& loop, Stream stream, HttpHandler handler)
        : loop_{loop}, stream_{std::move(stream)}, handler_{std::move(handler)} {}

    void start() {
        if constexpr (requires(Stream& s) { s.next_layer(); }) {
            stream_.async_handshake(asio::ssl::stream_base::server,
                                    [self = this->shared_from_this()](error_code failed) {
                                        if (!failed) {
                                            self->read();
                                        }
                                    });
        } else {
            read();
        }
    }

private:
    void read() {
        request_ = {};
        beast::get_lowest_layer(stream_).expires_after(patience);
        http::async_read(stream_, buffer_, request_,
                         [self = this->shared_from_this()](error_code failed, std::size_t) {
                             if (!failed) {
                                 self->answer();
                             }
                         });
    }

    void answer() {
        const HttpAnswer given = handler_({std::string{request_.method_string()},
                                           std::string{request_.target()}, request_.body()});
        response_ = {};
        response_.version(request_.version());
        response_.result(given.status);
        response_.set(http::field::content_type, given.type);
        response_.keep_alive(request_.keep_alive());
        response_.body() = given.body;
        response_.prepare_payload();
        http::async_write(stream_, response_,
                          [self = this->shared_from_this()](error_code failed, std::size_t) {
                              if (!failed && self->response_.keep_alive()) {
                                  self->read();
                              }
                          });
        loop_.settle();
    }

    Loop& loop_;
    Stream stream_;
    HttpHandler handler_;
    beast::flat_buffer buffer_{std::size_t{1} << 20U};
    http::request<http::string_body> request_;
    http::response<http::string_body> response_;
};

} // namespace

void serve_http(Loop& loop, Tcp::acceptor& acceptor, Wrapping wrapping, HttpHandler handler) {
    acceptor.async_accept([&loop, &acceptor, wrapping,
                           handler = std::move(handler)](error_code failed, Tcp::socket socket) {
        if (failed) {
            return;
        }
        if (wrapping == Wrapping::tls) {
            using Stream = beast::ssl_stream<beast::tcp_stream>;
            std::make_shared<Talk<Stream>>(
                loop, Stream{beast::tcp_stream{std::move(socket)}, loop.tls}, handler)
                ->start();
        } else {
            using Stream = beast::tcp_stream;
            std::make_shared<Talk<Stream>>(loop, Stream{std::move(socket)}, handler)->start();
        }
        serve_http(loop, acceptor, wrapping, handler);
    });
}

} // namespace vestari::sim
