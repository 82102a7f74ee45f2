// Where the bridge connects to and whom it trusts there.
//
// Invariants  another root key, another list of authorities and another media host exist only beside a service on this machine
//             (127.0.0.0/8, ::1, localhost), and a service that is not on this machine is the one that the specification names.
//             TLS, and the check of its certificates, is never an option.
// Threads     values.
// Errors      EndpointErrc.
// Source      SETTLED section 9; wire/10-connection.md section 2.1; ASSURANCE H15.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "bridge/noise/certificate.hpp"
#include "vestari/base/result.hpp"
#include "vestari/config/config.hpp"

namespace vestari::net {

enum class EndpointErrc {
    bad_url = 1,
    foreign_host,
    override_not_loopback,
    bad_root_key,
    bad_media_url,
};
std::string_view describe(EndpointErrc error) noexcept;
inline ErrorCode make_error_code(EndpointErrc e) noexcept {
    return make_code(e, category_of<EndpointErrc>("endpoint"));
}

// A host that speaks TLS, and the authorities that may vouch for it.
struct Peer {
    std::string host; // a name, or an address without brackets
    std::uint16_t port = 443;
    std::filesystem::path ca_file; // these authorities alone; empty: the system's
    bool operator==(const Peer&) const = default;
};

struct Endpoint {
    Peer peer;
    std::string path;
    noise::RootKey root_key;
    std::optional<Peer> media; // instead of the hosts that the service names
};

[[nodiscard]] Result<Endpoint> endpoint_of(const config::Whatsapp& whatsapp);

} // namespace vestari::net

template <>
struct boost::system::is_error_code_enum<vestari::net::EndpointErrc> : std::true_type {};
