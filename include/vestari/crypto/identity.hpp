// Which account a key, a sealed value or a row belongs to: 16 random bytes, made with the account, not secret.
#pragma once

#include <array>
#include <cstddef>

namespace vestari::crypto {

using AccountId = std::array<std::byte, 16>;

} // namespace vestari::crypto
