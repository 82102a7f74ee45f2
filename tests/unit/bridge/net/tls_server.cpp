#include "tests/unit/bridge/net/tls_server.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <openssl/ssl.h>

#include <poll.h>
#include <sys/socket.h>

namespace vestari::test {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;
using Tls = asio::ssl::stream<tcp::socket>;

namespace {

const std::string html = "<html><body>Please sign in to the network</body></html>";

asio::ssl::context context_of(const ServerOptions& options) {
    asio::ssl::context context{asio::ssl::context::tls_server};
    SSL_CTX* ctx = context.native_handle();
    SSL_CTX_set_security_level(ctx, 0); // whatever the client is to refuse must be servable
    SSL_CTX_set_min_proto_version(ctx, options.versions == TlsVersions::only_1_3 ? TLS1_3_VERSION
                                                                                 : TLS1_VERSION);
    SSL_CTX_set_max_proto_version(ctx, options.versions == TlsVersions::only_1_3 ? TLS1_3_VERSION
                                       : options.versions == TlsVersions::up_to_1_2
                                           ? TLS1_2_VERSION
                                           : TLS1_1_VERSION);
    context.use_certificate_chain(asio::buffer(options.chain));
    context.use_private_key(asio::buffer(options.key), asio::ssl::context::pem);
    return context;
}

std::string page_with(std::string_view status, std::string_view more = "") {
    return "HTTP/1.1 " + std::string{status} + "\r\nContent-Type: text/html\r\n" +
           std::string{more} + "Content-Length: " + std::to_string(html.size()) + "\r\n\r\n" + html;
}

// What is written instead of a WebSocket's answer.
std::string response_of(Role role) {
    const std::map<Role, std::string> responses = {
        {Role::html_200, page_with("200 OK")},
        {Role::html_503, page_with("503 Service Unavailable")},
        {Role::html_403, page_with("403 Forbidden")},
        {Role::redirect_302, page_with("302 Found", "Location: https://example.com/\r\n")},
        {Role::wrong_accept_key,
         "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n"},
        {Role::garbage, "\x01\x02 not HTTP at all\r\n\r\n"},
    };
    return responses.at(role);
}

bool is_websocket(Role role) {
    return role == Role::echo || role == Role::flood || role == Role::never_reads ||
           role == Role::bad_frame || role == Role::compressed_frame;
}

} // namespace

struct TlsServer::State {
    ServerOptions options;
    asio::ssl::context context;
    asio::io_context io;
    tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
    std::mutex lock; // of what stands below
    std::string request;
    int in_progress = -1; // the socket of the connection in progress
    bool stopping = false;
    std::atomic<std::size_t> connections = 0;
    std::atomic<std::size_t> bytes = 0;
    std::thread thread;

    explicit State(ServerOptions given)
        : options{std::move(given)},
          context{options.chain.empty() ? asio::ssl::context{asio::ssl::context::tls_server}
                                        : context_of(options)} {}

    void serve() {
        for (;;) {
            error_code error;
            tcp::socket socket = acceptor.accept(io, error);
            if (error || !begin(socket.native_handle())) {
                return;
            }
            ++connections;
            converse(std::move(socket));
        }
    }

    bool begin(int handle) {
        const std::lock_guard held{lock};
        in_progress = handle;
        return !stopping;
    }
    void end() {
        const std::lock_guard held{lock};
        in_progress = -1; // before it is closed: the number may be another's then
    }

    void converse(tcp::socket plain) {
        if (options.role == Role::drops) {
            return end();
        }
        if (options.role == Role::no_tls || options.role == Role::plain_http) {
            error_code error;
            if (options.role == Role::plain_http) {
                asio::write(plain, asio::buffer("HTTP/1.0 400 Bad Request\r\n\r\n" + html), error);
            }
            std::array<char, 4096> ignored;
            while (!error) {
                plain.read_some(asio::buffer(ignored), error);
            }
            return end();
        }
        Tls tls{std::move(plain), context};
        error_code error;
        tls.handshake(asio::ssl::stream_base::server, error);
        if (!error) {
            play(tls);
        } else {
            drain(tls); // whatever the client might send all the same
        }
        end();
    }

    void drain(Tls& tls) {
        error_code error;
        std::array<char, 4096> buffer;
        while (!error) {
            bytes += tls.read_some(asio::buffer(buffer), error);
        }
    }

    void play(Tls& tls) {
        if (options.role == Role::silent) {
            return drain(tls);
        }
        beast::flat_buffer buffer;
        http::request<http::string_body> head;
        error_code error;
        bytes += http::read(tls, buffer, head, error);
        if (error) {
            return;
        }
        {
            const std::lock_guard held{lock};
            if (request.empty()) {
                std::ostringstream text;
                text << head.base();
                request = text.str();
            }
        }
        if (is_websocket(options.role)) {
            return speak(tls, head);
        }
        if (options.role == Role::page) {
            return send_page(tls, options.page);
        }
        if (options.role == Role::endless_page) {
            return send_page(tls, std::string(std::size_t{64} << 20U, 'x'));
        }
        asio::write(tls, asio::buffer(response_of(options.role)), error);
        drain(tls);
    }

    static void send_page(Tls& tls, std::string body) {
        http::response<http::string_body> response{http::status::ok, 11};
        response.body() = std::move(body);
        response.prepare_payload();
        error_code error;
        http::write(tls, response, error);
        tls.shutdown(error);
    }

    void speak(Tls& tls, const http::request<http::string_body>& head) {
        websocket::stream<Tls&> socket{tls};
        error_code error;
        websocket::permessage_deflate deflate;
        deflate.server_enable = true; // offered by us; a client that does not ask gets none
        socket.set_option(deflate);
        socket.accept(head, error);
        if (error) {
            return;
        }
        if (options.role == Role::bad_frame) {
            asio::write(tls, asio::buffer("\x83\x00", 2), error); // an opcode that is not assigned
            return drain(tls);
        }
        if (options.role == Role::compressed_frame) {
            asio::write(tls, asio::buffer("\xc2\x02\x03\x00", 4), error); // RSV1 set
            return drain(tls);
        }
        if (options.role == Role::never_reads) {
            wait_for_the_end(tls);
            return;
        }
        if (options.role == Role::flood) {
            socket.binary(true);
            socket.write(asio::buffer(std::string(std::size_t{32} << 20U, 'f')), error);
            return drain(tls);
        }
        converse(socket);
    }

    // Blocks until the destructor shuts the socket down.
    static void wait_for_the_end(Tls& tls) {
        pollfd waiting{tls.next_layer().native_handle(), POLLRDHUP, 0};
        poll(&waiting, 1, -1);
    }

    // Text, two binary messages, a ping between the halves of a third; then everything binary comes back. "bye" is answered with a
    // goodbye, "drop" with a cut.
    void converse(websocket::stream<Tls&>& socket) {
        error_code error;
        socket.text(true);
        socket.write(asio::buffer("this is text", 12), error);
        socket.binary(true);
        socket.write(asio::buffer("one ", 4), error);
        socket.write(asio::buffer("two ", 4), error);
        socket.write_some(false, asio::buffer("th", 2), error);
        socket.ping("there?", error);
        socket.write_some(true, asio::buffer("ree", 3), error);
        while (!error) {
            beast::flat_buffer buffer;
            bytes += socket.read(buffer, error);
            const std::string said = beast::buffers_to_string(buffer.data());
            if (error || said == "drop") {
                return;
            }
            if (said == "bye") {
                return socket.close(websocket::close_code::normal, error);
            }
            socket.binary(socket.got_binary());
            socket.write(buffer.data(), error);
        }
    }
};

TlsServer::TlsServer(ServerOptions options) : state_{std::make_unique<State>(std::move(options))} {
    state_->thread = std::thread{[state = state_.get()] { state->serve(); }};
}

TlsServer::~TlsServer() {
    {
        const std::lock_guard held{state_->lock};
        state_->stopping = true;
        if (state_->in_progress >= 0) {
            ::shutdown(state_->in_progress, SHUT_RDWR);
        }
    }
    ::shutdown(state_->acceptor.native_handle(), SHUT_RDWR);
    state_->thread.join();
}

std::uint16_t TlsServer::port() const { return state_->acceptor.local_endpoint().port(); }
std::size_t TlsServer::connections() const { return state_->connections; }
std::size_t TlsServer::application_bytes() const { return state_->bytes; }
std::string TlsServer::first_request() const {
    const std::lock_guard held{state_->lock};
    return state_->request;
}

} // namespace vestari::test
