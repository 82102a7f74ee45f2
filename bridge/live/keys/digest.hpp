// What the server says that it holds of this device's keys, and the hash that it should come to.
//
// Threads     free functions without state.
// Errors      read_digest: nothing when a part is missing or of a wrong length, or it lists more than 4,096 keys.
// Source      wire/10-connection.md section 9.3 (digest check). The SHA-1 is the protocol's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "bridge/signal/published_keys.hpp"
#include "bridge/wire/node.hpp"

namespace vestari::live {

using KeyHash = std::array<std::byte, 20>;

struct KeyDigest {
    std::uint32_t registration_id = 0;
    std::uint32_t signed_key_id = 0;
    std::vector<std::uint32_t> key_ids;
    KeyHash hash{};
};

std::optional<KeyDigest> read_digest(const wire::Node& digest); // the <digest> node

KeyHash digest_of(const crypto::CurvePublicKey& identity,
                  const signal::PublishedKeys::Signed& signed_key,
                  std::span<const signal::PublicPreKey> keys); // in list order

} // namespace vestari::live
