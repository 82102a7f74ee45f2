// What the sockets share: the service, and the duty to let it speak after everything that happened.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>

#include "tests/sim/service.hpp"

namespace vestari::sim {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

struct Loop {
    explicit Loop(Service& of) : service{of}, timer{io} {}

    Service& service;
    asio::io_context io{1};
    asio::steady_timer timer;
    asio::ssl::context tls{asio::ssl::context::tls_server};
    std::function<void()> flush; // lets every connection write

    // The service's turn: what is due, what there is to write, when to wake up.
    void settle();
};

struct HttpRequest {
    std::string method, target, body;
};
struct HttpAnswer {
    unsigned status = 200;
    std::string type = "application/json", body;
};
using HttpHandler = std::function<HttpAnswer(const HttpRequest&)>;

enum class Wrapping : std::uint8_t { plain, tls };

// Accepts for ever; the acceptor outlives the loop's last turn. The port is the acceptor's.
void serve_http(Loop& loop, Tcp::acceptor& acceptor, Wrapping wrapping, HttpHandler handler);
void serve_chat(Loop& loop, Tcp::acceptor& acceptor);

} // namespace vestari::sim
