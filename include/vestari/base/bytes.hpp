// Bytes and how they meet text: views in, owners out; hex for fixtures and keys; big-endian numbers for formats of ours.
//
// Threads     free functions without state.
// Errors      from_hex: HexErrc. The rest cannot fail.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vestari/base/result.hpp"

namespace vestari {

using Bytes = std::vector<std::byte>;
using BytesView = std::span<const std::byte>;

enum class HexErrc { odd_length = 1, not_a_digit };

inline std::string_view describe(HexErrc error) noexcept {
    switch (error) {
    case HexErrc::odd_length: return "hexadecimal text has an odd number of digits";
    case HexErrc::not_a_digit:
        return "hexadecimal text holds a character that is not a hexadecimal digit";
    }
    return "unknown hexadecimal error";
}
inline ErrorCode make_error_code(HexErrc e) noexcept {
    return make_code(e, category_of<HexErrc>("hex"));
}

// The text's bytes; valid as long as the text.
inline BytesView as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

// The bytes read as text, unchecked; valid as long as the bytes.
inline std::string_view as_text(BytesView bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes to_bytes(BytesView view) { return {view.begin(), view.end()}; }
inline Bytes to_bytes(std::string_view text) { return to_bytes(as_bytes(text)); }
inline std::string to_string(BytesView view) { return std::string{as_text(view)}; }

inline void append(Bytes& to, BytesView more) { to.insert(to.end(), more.begin(), more.end()); }
inline void append(Bytes& to, std::string_view more) { append(to, as_bytes(more)); }

template <std::size_t Width, class Number> void append_be(Bytes& to, Number value) {
    const auto wide = static_cast<std::uint64_t>(value);
    for (std::size_t i = Width; i-- > 0;) {
        to.push_back(static_cast<std::byte>((wide >> (8 * i)) & 0xffU));
    }
}
inline void append_be16(Bytes& to, std::uint16_t value) { append_be<2>(to, value); }
inline void append_be32(Bytes& to, std::uint32_t value) { append_be<4>(to, value); }
inline void append_be64(Bytes& to, std::uint64_t value) { append_be<8>(to, value); }

// The number in the first Width bytes; the caller has checked that they are there.
template <std::size_t Width> std::uint64_t read_be(BytesView from) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < Width; ++i) {
        value = (value << 8U) | std::to_integer<std::uint64_t>(from[i]);
    }
    return value;
}

inline std::string to_hex(BytesView bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::byte b : bytes) {
        text.push_back(digits[std::to_integer<std::size_t>(b >> 4U)]);
        text.push_back(digits[std::to_integer<std::size_t>(b & std::byte{0x0f})]);
    }
    return text;
}

[[nodiscard]] inline Result<Bytes> from_hex(std::string_view text);

} // namespace vestari

template <> struct boost::system::is_error_code_enum<vestari::HexErrc> : std::true_type {};

namespace vestari {

inline Result<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) {
        return HexErrc::odd_length;
    }
    const auto digit = [](char c) -> int {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'a' && c <= 'f') {
            return c - 'a' + 10;
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    };
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit(text[i]);
        const int low = digit(text[i + 1]);
        if (high < 0 || low < 0) {
            return HexErrc::not_a_digit;
        }
        bytes.push_back(static_cast<std::byte>(high * 16 + low));
    }
    return bytes;
}

} // namespace vestari
