// The parts of an endpoint's address, as far as the rules about endpoints need them.
//
//     scheme://host[:port][/path]     no user, no query, no fragment, nothing but printable ASCII
//
// Errors      an empty optional for anything else.
// Threads     free functions without state.
// Source      RFC 3986 section 3; what is allowed here is narrower on purpose.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vestari::config {

struct Url {
    std::string scheme; // lower case
    std::string host;   // lower case, without the brackets of an IPv6 address
    std::optional<std::uint16_t> port;
    std::string path;

    static std::optional<Url> parse(std::string_view text);

    // 127.0.0.0/8, ::1 or the name localhost. "127.0.0.1.example" is none of them.
    bool is_loopback() const;
    bool
    operator==(const Url&) const = default; // as it is written: a port that is the usual one counts
};

} // namespace vestari::config
