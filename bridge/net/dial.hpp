// Inside this room: from a host's name to a verified TLS 1.3 stream.
//
// Invariants  TLS 1.3 at the least; chain and host name are verified against the authorities of the Peer, whatever the environment
//             says. "localhost" is not looked up: it is this machine.
// Threads     on the stream's executor.
// Source      wire/10-connection.md section 2.1; ASSURANCE H15; RFC 6125.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/system/result.hpp>

#include "bridge/net/close_reason.hpp"
#include "bridge/net/endpoint.hpp"

namespace vestari::net {

using TlsStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

inline constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

// Shared by the connections of an hour: the authorities of a thousand sessions are in memory once. Any thread.
using SharedContext = std::shared_ptr<boost::asio::ssl::context>;
[[nodiscard]] boost::system::result<SharedContext, CloseReason> context_for(const Peer& peer);

// Set when the waiting is over: a dial in progress ends at its next step.
struct Stop {
    bool requested = false;
};

// Connects `stream`, made with context_for(peer). Empty: it is open and verified. Cancelled by cancelling the resolver and closing
// the stream; what it refers to outlives it. `longest`: for all addresses of the host together.
boost::asio::awaitable<std::optional<CloseReason>> dial(boost::asio::ip::tcp::resolver& resolver,
                                                        TlsStream& stream, const Peer& peer,
                                                        std::chrono::milliseconds longest,
                                                        const Stop& stop);

// What an error of an open connection means.
CloseReason reason_of(const boost::system::error_code& error);

// host, host:port or [address]:port.
std::string authority_of(const Peer& peer);

} // namespace vestari::net
