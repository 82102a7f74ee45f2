// lp(x) = length (2, big endian) ‖ x: what keeps ("ab", "c") and ("a", "bc") apart in associated data and HMAC inputs.
//
// Errors      a part above 65,535 bytes is a defect of ours: callers bound what they pass.
#pragma once

#include <limits>

#include "vestari/base/bytes.hpp"
#include "vestari/base/check.hpp"

namespace vestari::crypto {

inline void append_lp(Bytes& to, BytesView part) {
    VESTARI_CHECK(part.size() <= std::numeric_limits<std::uint16_t>::max());
    append_be16(to, static_cast<std::uint16_t>(part.size()));
    append(to, part);
}
inline void append_lp(Bytes& to, std::string_view part) { append_lp(to, as_bytes(part)); }

} // namespace vestari::crypto
