// The control server: HTTP/1.1 and JSON over a Unix socket, on a thread of its own.
//
// Invariants  at most `max_clients` connections, each with `request_time` to say its request in `max_request_bytes`; a slow one
//             gives its place to the next, so it cannot keep others out. Only peers that the socket's group admits are heard.
//             What no route knows - any other path, any other method - is answered 403 {"error":"read_only"} and reported to
//             `refused`: nothing here can write to WhatsApp.
// Threads     handlers and callbacks run on the server's thread and must not block: work that takes time is handed on together
//             with the Answer. Construction and destruction from one other thread; the destructor waits for the thread.
// Errors      open: SocketErrc. A handler that throws is answered 500 and reported to `failed`.
// Source      DESIGN 3.5, SETTLED sections 5 and 8, ASSURANCE H18.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "vestari/service/control/request.hpp"
#include "vestari/service/process/unix_socket.hpp"

namespace vestari::service {

struct Route {
    Method method = Method::get;
    std::string path; // exactly
    enum class Kind : std::uint8_t { whole, stream } kind = Kind::whole;
    std::function<void(const Request&, const Answer&)> handle;
};

struct ControlOptions {
    ListenOptions listen;
    std::vector<Route> routes;
    std::function<void(const Request&)> refused = [](const Request&) {}; // unknown path or method
    std::function<void()> failed = [] {};                                // a handler threw
    std::function<void()> alive = [] {}; // the loop has turned: at least every `turn`
    std::size_t max_clients = 16;
    std::size_t max_streams = 8; // of them, so that streams leave room for questions
    std::chrono::milliseconds request_time{5000};
    std::chrono::milliseconds fetch_time{5000};     // without the client taking a byte
    std::chrono::milliseconds answer_time{120'000}; // of a handler that does not stream
    std::chrono::milliseconds turn{1000};
};

class ControlServer {
public:
    // Serves from the moment it returns.
    [[nodiscard]] static Result<std::unique_ptr<ControlServer>> open(ControlOptions options);
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;
    ~ControlServer(); // cuts clients off

private:
    class Loop;
    explicit ControlServer(std::unique_ptr<Loop> loop);
    std::unique_ptr<Loop> loop_;
};

} // namespace vestari::service
