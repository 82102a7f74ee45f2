// Why a connection did not come about, or ended: one name for each thing that an operator or the reconnect policy tells apart.
//
// Threads     values.
// Source      wire/10-connection.md sections 2.1 and 13.
#pragma once

#include <cstdint>
#include <string_view>

namespace vestari::net {

enum class Failure : std::uint8_t {
    dns,         // the name does not resolve
    refused,     // nothing listens there
    unreachable, // no way to the network or the host
    timed_out,   // not open within the time allowed
    trust_store, // the certificates that are to be trusted cannot be read
    certificate_expired,
    certificate_not_yet_valid,
    certificate_wrong_host,
    certificate_unknown_issuer, // self-signed, or of an authority that is not trusted here
    certificate_wrong_purpose,
    certificate_invalid, // anything else that is wrong with the chain
    tls_too_old,         // the other side has no TLS 1.3
    tls_failed,          // not TLS, or it broke
    http_status,   // an HTTP answer instead of a WebSocket; CloseReason::http_status has the number
    bad_answer,    // neither, or one that breaks its own rules
    too_long,      // an answer longer than is read
    closed,        // the other side said goodbye
    lost,          // the connection broke
    write_stalled, // what was to be sent did not get away, or piled up
};

struct CloseReason {
    Failure failure = Failure::lost;
    unsigned http_status = 0; // of Failure::http_status
    bool operator==(const CloseReason&) const = default;
};

// Whether trying again by itself can help (with back-off). A wrong certificate is not: it is for the operator, though a later
// attempt is harmless.
bool retryable(const CloseReason& reason) noexcept;
std::string_view describe(Failure failure) noexcept; // what it means and the next step
std::string_view name_of(Failure failure) noexcept;  // "certificate_expired": for logs and status

} // namespace vestari::net
