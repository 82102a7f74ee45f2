// The server's certificate chain: root -> intermediate -> leaf -> the key that the server proved to hold in the handshake.
//
// Invariants  all seven checks of the specification are made, signatures over the bytes as they came. The validity is looked at
//             last, so that NoiseErrc::clock_problem means: everything else is right.
// Threads     free function without state.
// Errors      NoiseErrc::certificate_*, clock_problem.
// Source      wire/10-connection.md section 4.6; tests/vectors/connection/cert_chain.json.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "vestari/base/bytes.hpp"
#include "vestari/base/clock.hpp"
#include "vestari/base/result.hpp"

namespace vestari::noise {

using RootKey = std::array<std::byte, 32>; // X25519 form

// WhatsAppLongTerm1, section 4.6. Only a service on this machine may have another (net/endpoint.hpp).
inline constexpr RootKey whatsapp_root = [] {
    constexpr std::array<unsigned char, 32> bytes = {
        0x14, 0x23, 0x75, 0x57, 0x4d, 0x0a, 0x58, 0x71, 0x66, 0xaa, 0xe7,
        0x1e, 0xbe, 0x51, 0x64, 0x37, 0xc4, 0xa2, 0x8b, 0x73, 0xe3, 0x69,
        0x5c, 0x6c, 0xe1, 0xf7, 0xf9, 0x54, 0x5d, 0xa8, 0xee, 0x6b};
    RootKey key{};
    for (std::size_t i = 0; i < key.size(); ++i) {
        key[i] = std::byte{bytes[i]};
    }
    return key;
}();

[[nodiscard]] Result<> verify_chain(BytesView chain, const RootKey& root,
                                    std::span<const std::byte, 32> server_key, TimePoint now);

} // namespace vestari::noise
