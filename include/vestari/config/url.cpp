#include "vestari/config/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace vestari::config {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lower(c); });
    return result;
}

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 0x7f && c != '@' && c != '?' && c != '#' && c != '\\' && c != '"';
    });
}

bool is_host(std::string_view host) {
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        const char l = lower(c);
        return (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9') || l == '-' || l == '.' || l == '_';
    });
}

bool is_ipv6(const std::string& host) {
    in6_addr address{};
    return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

std::optional<std::uint16_t> read_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || port == 0) {
        return std::nullopt;
    }
    return port;
}

// Splits "host[:port]" or "[ipv6][:port]" into `url`.
bool read_authority(std::string_view authority, Url& url) {
    std::string_view after;
    if (authority.starts_with('[')) {
        const std::size_t close = authority.find(']');
        if (close == std::string_view::npos) {
            return false;
        }
        url.host = lower(authority.substr(1, close - 1));
        after = authority.substr(close + 1);
        if (!is_ipv6(url.host)) {
            return false;
        }
    } else {
        const std::size_t colon = std::min(authority.find(':'), authority.size());
        url.host = lower(authority.substr(0, colon));
        after = authority.substr(colon);
        if (!is_host(url.host)) {
            return false;
        }
    }
    if (after.empty()) {
        return true;
    }
    url.port = read_port(after.substr(1));
    return after.starts_with(':') && url.port.has_value();
}

} // namespace

std::optional<Url> Url::parse(std::string_view text) {
    const std::size_t colon = text.find("://");
    if (colon == 0 || colon == std::string_view::npos || !is_plain(text)) {
        return std::nullopt;
    }
    Url url;
    url.scheme = lower(text.substr(0, colon));
    const std::string_view rest = text.substr(colon + 3);
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    url.path = rest.substr(slash);
    if (!read_authority(rest.substr(0, slash), url)) {
        return std::nullopt;
    }
    return url;
}

bool Url::is_loopback() const {
    if (host == "localhost") {
        return true;
    }
    if (std::array<unsigned char, 4> ipv4{}; inet_pton(AF_INET, host.c_str(), ipv4.data()) == 1) {
        return ipv4[0] == 127;
    }
    in6_addr ipv6{};
    return inet_pton(AF_INET6, host.c_str(), &ipv6) == 1 && IN6_IS_ADDR_LOOPBACK(&ipv6);
}

} // namespace vestari::config
