#include "bridge/net/endpoint.hpp"

#include <algorithm>

#include "vestari/base/bytes.hpp"
#include "vestari/config/url.hpp"

namespace vestari::net {

namespace {

constexpr std::uint16_t https_port = 443;

Peer peer_of(const config::Url& url, const std::filesystem::path& ca_file) {
    return {url.host, url.port.value_or(https_port), ca_file};
}

Result<noise::RootKey> root_key_of(const std::string& hex) {
    const Result<Bytes> bytes = from_hex(hex);
    if (!bytes || bytes->size() != noise::RootKey{}.size()) {
        return EndpointErrc::bad_root_key;
    }
    noise::RootKey key;
    std::ranges::copy(*bytes, key.begin());
    return key;
}

// What stands beside a service on this machine.
Result<Endpoint> local_endpoint(const config::Url& url, const config::Whatsapp& whatsapp) {
    Endpoint endpoint{peer_of(url, whatsapp.ca_file), url.path, noise::whatsapp_root, std::nullopt};
    if (!whatsapp.root_key.empty()) {
        const Result<noise::RootKey> root = root_key_of(whatsapp.root_key);
        if (!root) {
            return root.error();
        }
        endpoint.root_key = *root;
    }
    if (!whatsapp.media_url.empty()) {
        const std::optional<config::Url> media = config::Url::parse(whatsapp.media_url);
        if (!media || media->scheme != "https" || !media->path.empty() || !media->is_loopback()) {
            return EndpointErrc::bad_media_url;
        }
        endpoint.media = peer_of(*media, whatsapp.ca_file);
    }
    return endpoint;
}

} // namespace

std::string_view describe(EndpointErrc error) noexcept {
    switch (error) {
    case EndpointErrc::bad_url:
        return "whatsapp.url is not a wss:// address: leave the key out, the service's own is the "
               "default";
    case EndpointErrc::foreign_host:
        return "whatsapp.url names neither the service nor this machine: leave the key out";
    case EndpointErrc::override_not_loopback:
        return "whatsapp.root_key, ca_file and media_url are for a service on this machine only: "
               "remove them";
    case EndpointErrc::bad_root_key: return "whatsapp.root_key is not 64 hexadecimal digits";
    case EndpointErrc::bad_media_url:
        return "whatsapp.media_url is not an https://host:port address on this machine";
    }
    return "unknown endpoint error";
}

Result<Endpoint> endpoint_of(const config::Whatsapp& whatsapp) {
    const std::optional<config::Url> url = config::Url::parse(whatsapp.url);
    if (!url || url->scheme != "wss") {
        return EndpointErrc::bad_url;
    }
    if (url->is_loopback()) {
        return local_endpoint(*url, whatsapp);
    }
    const std::optional<config::Url> service = config::Url::parse(config::Whatsapp{}.url);
    if (!service || *url != *service) {
        return EndpointErrc::foreign_host;
    }
    if (!whatsapp.root_key.empty() || !whatsapp.ca_file.empty() || !whatsapp.media_url.empty()) {
        return EndpointErrc::override_not_loopback;
    }
    return Endpoint{peer_of(*url, {}), url->path, noise::whatsapp_root, std::nullopt};
}

} // namespace vestari::net
