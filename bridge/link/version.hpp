// Which version of WhatsApp Web this client says it is: built in, or found on the service's own page.
//
// Invariants  a version that was found is taken only when its revision is newer than the one built in and plausible; at most
//             `max_page_bytes` of a page are looked at.
// Threads     values.
// Errors      LinkErrc::bad_version, no_revision, revision_not_newer, revision_implausible.
// Source      wire/10-connection.md section 7.4.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"

namespace vestari::link {

struct Version {
    std::uint32_t primary = 2;
    std::uint32_t secondary = 3000;
    std::uint32_t tertiary = 0;

    [[nodiscard]] static Result<Version> parse(std::string_view text); // "2.3000.N", N above 0
    std::string to_string() const;
    std::array<std::byte, 16> build_hash() const; // MD5 of to_string()
    auto operator<=>(const Version&) const = default;
};

inline constexpr Version built_in_version{2, 3000, 1045649367}; // August 2026, section 7.4

inline constexpr std::size_t max_page_bytes = std::size_t{2} << 20U;
inline constexpr std::uint32_t max_revision_lead = 400'000'000;

// Where to look, in this order; a GET without cookies. net adds host and headers by section 7.4.
inline constexpr std::string_view version_paths[] = {"/sw.js", "/"};

// The first "client_revision":N of a page, its quotes escaped or not.
[[nodiscard]] Result<std::uint64_t> revision_in(std::string_view page);

// The rule by which a revision that was found is believed.
[[nodiscard]] Result<Version> accept_revision(std::uint64_t revision,
                                              const Version& built_in = built_in_version);

} // namespace vestari::link
