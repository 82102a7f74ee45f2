// A server on 127.0.0.1 that plays one role, in a thread of its own, one connection after the other.
//
// Invariants  what the client sent as application data is counted and kept; the TLS handshake is not part of it.
// Threads     construct, ask and destroy in one thread; destruction ends the connection in progress.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/tls_certificates.hpp"

namespace vestari::test {

enum class Role {
    echo,             // a WebSocket; see tls_server.cpp for what it says first
    flood,            // a WebSocket that sends 32 MiB at once
    never_reads,      // a WebSocket that is deaf
    html_200,         // a proxy's page instead
    html_503,         //
    html_403,         //
    redirect_302,     //
    garbage,          // TLS, then no HTTP
    wrong_accept_key, // 101 with a wrong Sec-WebSocket-Accept
    bad_frame,        // a WebSocket that breaks its rules
    compressed_frame, // sends a compressed frame that nobody asked for
    silent,           // TLS, then nothing
    no_tls,           // accepts, and never says anything
    plain_http,       // answers in plain text
    drops,            // closes after accepting
    page,             // an HTTPS page: `page` of the options
    endless_page,     // HTTPS, 64 MiB
};

enum class TlsVersions { only_1_3, up_to_1_2, up_to_1_1 };

struct ServerOptions {
    Role role = Role::echo;
    std::string chain; // PEM: the leaf, then what is above it
    std::string key;
    TlsVersions versions = TlsVersions::only_1_3;
    std::string page;
};

class TlsServer {
public:
    explicit TlsServer(ServerOptions options);
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;
    ~TlsServer();

    std::uint16_t port() const;
    std::size_t connections() const;       // accepted
    std::size_t application_bytes() const; // that arrived decrypted, of all connections
    std::string first_request() const;     // head of the first HTTP request

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace vestari::test
