// What an account is given from outside: random numbers, the lease, and the end of a socket in its driver's words.
//
// Threads     called on the account's strand only; none of them may call the account back.
#pragma once

#include <cstdint>

namespace vestari::live {

// For jitter and request ids, never for keys.
class Random {
public:
    Random() = default;
    Random(const Random&) = delete;
    Random& operator=(const Random&) = delete;
    virtual ~Random() = default;
    virtual std::uint64_t next() = 0;
};

// The right to be the one live session of an account. A socket is wanted only while it is held.
class Lease {
public:
    Lease() = default;
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    virtual ~Lease() = default;
    virtual bool held() const noexcept = 0;
};

// Why a socket is gone, or never opened.
enum class Closed : std::uint8_t {
    name_not_found,
    refused,
    timed_out,
    tls_certificate, // its chain or host name was refused
    tls_protocol,
    http_status, // the answer was not 101
    by_peer,     // after it was open
    lost,        // after it was open, without a close
    by_us,       // the driver shut it: wants_connection() was false, or the process ends
};

struct CloseInfo {
    Closed why = Closed::lost;
    std::uint32_t http_status = 0; // of http_status
};

} // namespace vestari::live
