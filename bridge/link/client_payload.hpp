// What a client says of itself in the last handshake message: who it will be (registration) or is (login).
//
// Invariants  registration names neither user nor device, login no pairing data: that is what tells them apart. On-demand history is
//             never claimed, since asking for it would need outgoing messages.
// Threads     values.
// Source      wire/10-connection.md sections 7.1 to 7.5 and 8.1, the [W] set. Vectors: client_payload.json.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bridge/link/device.hpp"
#include "bridge/link/version.hpp"
#include "vestari/base/jid.hpp"

namespace vestari::link {

// How much the phone is asked to hand over when it links. The phone decides; fixed until it is linked again.
enum class History : std::uint8_t { none, recent, full };
std::string_view word_of(History history) noexcept;
std::optional<History> history_from(std::string_view word) noexcept;

// Which icon the phone shows. The value is DeviceProps.platformType.
enum class Platform : std::uint8_t { chrome = 1, desktop = 7 };
char client_type(Platform platform) noexcept; // section 7.3: the QR text's last field

struct DeviceProps {
    std::string os = "Vestari"; // the name shown under linked devices
    std::uint32_t primary = 0;  // the product's version; informational
    std::uint32_t secondary = 1;
    std::uint32_t tertiary = 0;
    Platform platform = Platform::chrome;
    History history = History::recent;
};
[[nodiscard]] Bytes device_props(const DeviceProps& props);

[[nodiscard]] Bytes registration_payload(const DeviceSecrets& device, const Version& version,
                                         const DeviceProps& props);

// `me`: the own device by phone number, its user in digits. JidErrc::no_user otherwise.
[[nodiscard]] Result<Bytes> login_payload(const Jid& me, const Version& version);

} // namespace vestari::link
