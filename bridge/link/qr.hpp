// What a QR code says, and which reference it carries when.
//
// Invariants  a reference is printable ASCII without a comma, 1 to 1024 bytes, at most 20 of them: no offer of the service can change
//             the text's other fields. The text holds the ADV secret, so it is a SecretText.
// Threads     values; Refs: one owner.
// Errors      LinkErrc::no_refs, too_many_refs, bad_ref.
// Source      wire/10-connection.md sections 7.6 and 7.7. Vectors: qr.json.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/link/client_payload.hpp"
#include "bridge/link/device.hpp"
#include "bridge/link/secret_text.hpp"
#include "bridge/wire/node.hpp"
#include "vestari/base/clock.hpp"

namespace vestari::link {

inline constexpr std::size_t max_refs = 20;
inline constexpr std::size_t max_ref_bytes = 1024;
inline constexpr std::chrono::seconds first_ref_lasts{60};
inline constexpr std::chrono::seconds further_ref_lasts{20};

SecretText qr_text(std::string_view ref, const DeviceSecrets& device, Platform platform);

// Of <iq><pair-device>; `iq` is the root.
[[nodiscard]] Result<std::vector<std::string>> refs_of(const wire::Node& iq);

// The references of one connection, each for its time.
class Refs {
public:
    Refs(std::vector<std::string> refs, Instant now);

    // The reference to show now; none when all have run out, and the connection is of no more use.
    const std::string* current(Instant now);
    Instant shown_until() const noexcept { return until_; } // of the current one
    Instant all_until() const noexcept;                     // of the last one

private:
    std::vector<std::string> refs_;
    std::size_t at_ = 0;
    Instant until_;
};

} // namespace vestari::link
