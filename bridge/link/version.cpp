#include "bridge/link/version.hpp"

#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "bridge/link/link_error.hpp"
#include "vestari/crypto/linking.hpp"

namespace vestari::link {

namespace {

constexpr std::string_view prefix = "2.3000.";
constexpr std::string_view key = "client_revision";
constexpr std::size_t max_spaces = 16;

bool skip(std::string_view& text, std::string_view what) noexcept {
    const bool there = text.starts_with(what);
    text.remove_prefix(there ? what.size() : 0);
    return there;
}

// What stands behind the key: \"? : space* digits, in which a digit follows.
std::string_view digits_behind(std::string_view rest) noexcept {
    skip(rest, "\\");
    if (!skip(rest, "\"")) {
        return {};
    }
    if (!skip(rest, ":")) {
        return {};
    }
    for (std::size_t i = 0; i < max_spaces && (skip(rest, " ") || skip(rest, "\t")); ++i) {
    }
    return rest;
}

} // namespace

Result<Version> Version::parse(std::string_view text) {
    if (!text.starts_with(prefix)) {
        return LinkErrc::bad_version;
    }
    const std::string_view digits = text.substr(prefix.size());
    Version version;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), version.tertiary);
    if (error != std::errc{} || end != digits.data() + digits.size() || version.tertiary == 0 ||
        digits.front() == '0') {
        return LinkErrc::bad_version;
    }
    return version;
}

std::string Version::to_string() const {
    return fmt::format("{}.{}.{}", primary, secondary, tertiary);
}

std::array<std::byte, 16> Version::build_hash() const { return crypto::md5(as_bytes(to_string())); }

Result<std::uint64_t> revision_in(std::string_view page) {
    page = page.substr(0, max_page_bytes);
    for (std::size_t at = page.find(key); at != std::string_view::npos;
         at = page.find(key, at + key.size())) {
        const std::string_view digits = digits_behind(page.substr(at + key.size()));
        std::uint64_t revision = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), revision);
        if (at > 0 && page[at - 1] == '"' && error == std::errc{} && end != digits.data() &&
            end != page.data() + page.size()) { // a number that the page's end cuts is no number
            return revision;
        }
    }
    return LinkErrc::no_revision;
}

Result<Version> accept_revision(std::uint64_t revision, const Version& built_in) {
    if (revision <= built_in.tertiary) {
        return LinkErrc::revision_not_newer;
    }
    if (revision > std::numeric_limits<std::uint32_t>::max() ||
        revision - built_in.tertiary > max_revision_lead) {
        return LinkErrc::revision_implausible;
    }
    return Version{built_in.primary, built_in.secondary, static_cast<std::uint32_t>(revision)};
}

} // namespace vestari::link
