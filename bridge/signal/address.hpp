// A Signal address: which device a session or sender key belongs to. Local names; they never appear on the wire.
//
//     user (phone number) · user_1 (LID) · user_128 (hosted) · user_129 (hosted LID); the device is the JID's
//
// Threads     values.
// Source      wire/20-messages.md section 2.5.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vestari/base/jid.hpp"

namespace vestari::signal {

struct Address {
    std::string name;
    std::uint32_t device = 0;

    std::string to_string() const { return name + ':' + std::to_string(device); }
    auto operator<=>(const Address&) const = default;
};

// None for a JID that is not a user's (a group, a broadcast list).
std::optional<Address> address_of(const Jid& jid);

} // namespace vestari::signal
