// Writes protobuf by hand, right and wrong.
#pragma once

#include <initializer_list>

#include "vestari/base/bytes.hpp"

namespace vestari::test {

inline Bytes varint_bytes(std::uint64_t value) {
    Bytes out;
    while (value >= 0x80) {
        out.push_back(static_cast<std::byte>((value & 0x7fU) | 0x80U));
        value >>= 7U;
    }
    out.push_back(static_cast<std::byte>(value));
    return out;
}

inline Bytes field(std::uint32_t number, BytesView payload) {
    Bytes out = varint_bytes((static_cast<std::uint64_t>(number) << 3U) | 2U);
    append(out, varint_bytes(payload.size()));
    append(out, payload);
    return out;
}
inline Bytes field(std::uint32_t number, std::string_view text) {
    return field(number, as_bytes(text));
}

inline Bytes number_field(std::uint32_t number, std::uint64_t value) {
    Bytes out = varint_bytes(static_cast<std::uint64_t>(number) << 3U);
    append(out, varint_bytes(value));
    return out;
}

inline Bytes join(std::initializer_list<Bytes> parts) {
    Bytes out;
    for (const Bytes& part : parts) {
        append(out, part);
    }
    return out;
}

// `inner` within the message fields `numbers`, the first outermost.
inline Bytes nest(std::initializer_list<std::uint32_t> numbers, Bytes inner) {
    for (auto number = std::rbegin(numbers); number != std::rend(numbers); ++number) {
        inner = field(*number, inner);
    }
    return inner;
}

} // namespace vestari::test
