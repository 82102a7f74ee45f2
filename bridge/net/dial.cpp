#include "bridge/net/dial.hpp"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/websocket/error.hpp>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "vestari/base/clock.hpp"

namespace vestari::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr int security_level = 2; // 112 bits: no RSA below 2048, no SHA-1
constexpr std::uint16_t https_port = 443;
constexpr std::ptrdiff_t most_shares = 4; // of the time, between addresses

bool trust_system(SSL_CTX* ctx) {
    // By name, not by set_default_verify_paths: that lets two environment variables choose whom we trust.
    const bool folder = SSL_CTX_load_verify_dir(ctx, X509_get_default_cert_dir()) == 1;
    const bool file = SSL_CTX_load_verify_file(ctx, X509_get_default_cert_file()) == 1;
    ERR_clear_error(); // one of them may be missing
    return folder || file;
}

std::optional<asio::ip::address> address_in(const std::string& host) {
    error_code not_an_address;
    const asio::ip::address address = asio::ip::make_address(host, not_an_address);
    return not_an_address ? std::nullopt : std::optional{address};
}

bool expect_host(SSL* ssl, const std::string& host) {
    X509_VERIFY_PARAM* param = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                                               X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (address_in(host)) {
        return X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1;
    }
    return X509_VERIFY_PARAM_set1_host(param, host.c_str(), host.size()) == 1 &&
           SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    const_cast<char*>(host.c_str())) == 1; // the macro casts in the old style
}

Failure certificate_failure(long verdict) {
    switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return Failure::certificate_expired;
    case X509_V_ERR_CERT_NOT_YET_VALID: return Failure::certificate_not_yet_valid;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return Failure::certificate_wrong_host;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED: return Failure::certificate_unknown_issuer;
    case X509_V_ERR_INVALID_PURPOSE: return Failure::certificate_wrong_purpose;
    default: return Failure::certificate_invalid;
    }
}

CloseReason handshake_failure(const TlsStream& stream, const error_code& error) {
    // OpenSSL's handle is not const, asking it is.
    const long verdict = SSL_get_verify_result(const_cast<TlsStream&>(stream).native_handle());
    if (verdict != X509_V_OK) {
        return {certificate_failure(verdict)};
    }
    if (error.category() == asio::error::get_ssl_category()) {
        switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
        case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
        case SSL_R_UNSUPPORTED_PROTOCOL:
        case SSL_R_WRONG_SSL_VERSION:
        case SSL_R_VERSION_TOO_LOW: return {Failure::tls_too_old};
        default: break;
        }
    }
    return {Failure::tls_failed};
}

Failure connect_failure(const error_code& error) {
    if (error == asio::error::connection_refused) {
        return Failure::refused;
    }
    if (error == beast::error::timeout || error == asio::error::timed_out) {
        return Failure::timed_out;
    }
    return Failure::unreachable;
}

struct Addresses {
    std::vector<tcp::endpoint> list; // empty: the name does not resolve
};

asio::awaitable<Addresses> addresses_of(tcp::resolver& resolver, const Peer& peer) {
    Addresses found;
    if (peer.host == "localhost") {
        found.list = {{asio::ip::address_v4::loopback(), peer.port},
                      {asio::ip::address_v6::loopback(), peer.port}};
    } else if (const auto address = address_in(peer.host)) {
        found.list = {{*address, peer.port}};
    } else {
        const std::string port = std::to_string(peer.port);
        const auto [error, results] = co_await resolver.async_resolve(peer.host, port, as_result);
        if (!error) {
            found.list.assign(results.begin(), results.end());
        }
    }
    co_return found;
}

asio::awaitable<std::optional<CloseReason>> connect(beast::tcp_stream& stream,
                                                    const Addresses& addresses,
                                                    std::chrono::milliseconds longest,
                                                    const Stop& stop) {
    const auto share =
        longest / std::clamp(std::ssize(addresses.list), std::ptrdiff_t{1}, most_shares);
    Failure failure = Failure::dns;
    for (const tcp::endpoint& address : addresses.list) {
        stream.expires_after(share);
        const auto [error] = co_await stream.async_connect(address, as_result);
        stream.expires_never();
        if (stop.requested) {
            co_return CloseReason{Failure::timed_out};
        }
        error_code ignored; // options that fail cost speed only
        if (!error) {
            stream.socket().set_option(tcp::no_delay{true}, ignored);
            stream.socket().set_option(asio::socket_base::keep_alive{true}, ignored);
            co_return std::nullopt;
        }
        stream.socket().close(ignored);
        if (failure == Failure::dns || failure == Failure::unreachable) {
            failure = connect_failure(error); // the first that says more than "no way there"
        }
    }
    co_return CloseReason{failure};
}

// A context, and what it was made from.
struct Trusted {
    SharedContext context;
    std::string ca_file;
    std::filesystem::file_time_type changed;
    Instant since{};
};

constexpr std::chrono::hours context_life{
    1}; // then authorities that the system has dropped are gone here too

Trusted trusted_now(const Peer& peer) {
    Trusted now{.context = {}, .ca_file = peer.ca_file, .changed = {}, .since = monotonic_now()};
    std::error_code missing;
    if (!peer.ca_file.empty()) {
        now.changed = std::filesystem::last_write_time(peer.ca_file, missing);
    }
    return now;
}

boost::system::result<asio::ssl::context, CloseReason> make_context(const Peer& peer) {
    asio::ssl::context context{asio::ssl::context::tls_client};
    SSL_CTX* ctx = context.native_handle();
    SSL_CTX_set_security_level(ctx, security_level);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS); // an idle session holds no record buffers
    if (SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) != 1) {
        return CloseReason{Failure::tls_failed};
    }
    const bool trusts = peer.ca_file.empty()
                            ? trust_system(ctx)
                            : SSL_CTX_load_verify_file(ctx, peer.ca_file.c_str()) == 1;
    if (!trusts) {
        ERR_clear_error();
        return CloseReason{Failure::trust_store};
    }
    return context;
}

} // namespace

boost::system::result<SharedContext, CloseReason> context_for(const Peer& peer) {
    static std::mutex one_at_a_time;
    static Trusted last; // the configuration has one service, so one is enough
    const std::lock_guard lock{one_at_a_time};
    const Trusted wanted = trusted_now(peer);
    if (last.context && last.ca_file == wanted.ca_file && last.changed == wanted.changed &&
        wanted.since - last.since < context_life) {
        return last.context;
    }
    auto made = make_context(peer);
    if (!made) {
        return made.error();
    }
    last = wanted;
    last.context = std::make_shared<asio::ssl::context>(std::move(*made));
    return last.context;
}

asio::awaitable<std::optional<CloseReason>> dial(tcp::resolver& resolver, TlsStream& stream,
                                                 const Peer& peer,
                                                 std::chrono::milliseconds longest,
                                                 const Stop& stop) {
    SSL* ssl = stream.native_handle();
    if (!expect_host(ssl, peer.host)) {
        co_return CloseReason{Failure::certificate_wrong_host};
    }
    const Addresses addresses = co_await addresses_of(resolver, peer);
    if (stop.requested) {
        co_return CloseReason{Failure::timed_out};
    }
    const std::optional<CloseReason> unconnected =
        co_await connect(stream.next_layer(), addresses, longest, stop);
    if (unconnected) {
        co_return unconnected;
    }
    const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, as_result);
    if (error) {
        co_return handshake_failure(stream, error);
    }
    // What OpenSSL has just seen to; nothing may be sent if it had not.
    if (SSL_get_verify_result(ssl) != X509_V_OK || SSL_version(ssl) < TLS1_3_VERSION) {
        co_return CloseReason{Failure::tls_failed};
    }
    co_return std::nullopt;
}

CloseReason reason_of(const error_code& error) {
    if (error == beast::websocket::error::closed) {
        return {Failure::closed};
    }
    if (error == beast::http::error::body_limit || error == beast::http::error::header_limit) {
        return {Failure::too_long};
    }
    if (error == beast::http::error::end_of_stream ||
        error == beast::http::error::partial_message) {
        return {Failure::lost};
    }
    const error_code websocket = beast::websocket::error::bad_opcode;
    const error_code http = beast::http::error::bad_version;
    if (error.category() == websocket.category() || error.category() == http.category()) {
        return {Failure::bad_answer};
    }
    return {Failure::lost};
}

std::string authority_of(const Peer& peer) {
    const bool ipv6 = peer.host.find(':') != std::string::npos;
    const std::string host = ipv6 ? fmt::format("[{}]", peer.host) : peer.host;
    return peer.port == https_port ? host : fmt::format("{}:{}", host, peer.port);
}

} // namespace vestari::net
