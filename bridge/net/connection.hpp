// A WebSocket over TLS 1.3 to one endpoint: bytes out, bytes in, and one reason when it ends.
//
// Invariants  nothing is sent before the host's certificate and name were verified. Only binary messages are written, and only those
//             are read; text is passed over; no compression is offered. Bytes arrive in pieces of at most 16 KiB, whatever the
//             WebSocket's messages are: read them as one stream. At most `max_queued` bytes wait to be written.
//             Exactly one closed() comes, after which nothing does; none after close() or destruction.
// Waiting     every wait has an end: Timeouts, or pause().
// Threads     construct, call and destroy on the executor's strand; events come on it, never from within a call of ours.
// Errors      CloseReason. Events do not throw: one that does ends the connection as lost.
// Source      wire/10-connection.md section 2.1.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "bridge/net/close_reason.hpp"
#include "bridge/net/endpoint.hpp"
#include "vestari/base/bytes.hpp"

namespace boost::asio {
class any_io_executor; // NOLINT(readability-identifier-naming): Asio's name
} // namespace boost::asio

namespace vestari::net {

inline constexpr std::size_t max_queued = std::size_t{4} << 20U;

struct Timeouts {
    std::chrono::milliseconds open{20'000};  // name, TCP, TLS and upgrade together
    std::chrono::milliseconds write{30'000}; // one message
    std::chrono::milliseconds close{2'000};  // what is queued, and the goodbye
};

class Connection {
public:
    class Events {
    public:
        virtual ~Events() = default;
        virtual void opened() = 0;
        virtual void received(BytesView bytes) = 0; // valid during the call
        virtual void closed(CloseReason reason) = 0;
    };

    // Starts to connect. `strand` is serial; `events` outlives the Connection, which may be destroyed from within an event.
    static std::unique_ptr<Connection> start(const boost::asio::any_io_executor& strand,
                                             const Endpoint& endpoint, Events& events,
                                             const Timeouts& timeouts = {});
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection(); // at once, without goodbye, unless close() is at work

    void write(Bytes message); // after opened(); before it and after the end it is dropped
    void pause();              // no received() until resume(); the other side is slowed down by TCP
    void resume();
    void close(); // writes what is queued, says goodbye, both within Timeouts::close

private:
    class Session;
    explicit Connection(std::shared_ptr<Session> session);
    std::shared_ptr<Session> session_;
};

} // namespace vestari::net
