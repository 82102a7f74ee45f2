// The codec's constants: the bytes that begin a value, domain bytes, packed digits. Read by decoder and encoder alike.
//
// Source      wire/10-connection.md sections 5.2, 5.5, 5.6.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vestari::wire {

// The bytes that begin a value; below them are the tokens.
enum class Lead : std::uint8_t {
    list_empty = 0,
    first_dictionary = 236,
    last_dictionary = 239,
    interop_jid = 245,
    fb_jid = 246,
    ad_jid = 247,
    list_8 = 248,
    list_16 = 249,
    jid_pair = 250,
    hex_8 = 251,
    binary_8 = 252,
    binary_20 = 253,
    binary_32 = 254,
    nibble_8 = 255,
};

constexpr bool is_list(Lead lead) noexcept {
    return lead == Lead::list_empty || lead == Lead::list_8 || lead == Lead::list_16;
}
constexpr bool is_binary(Lead lead) noexcept {
    return lead >= Lead::binary_8 && lead <= Lead::binary_32;
}
constexpr bool is_packed(Lead lead) noexcept {
    return lead == Lead::hex_8 || lead == Lead::nibble_8;
}
constexpr bool is_jid(Lead lead) noexcept {
    return lead == Lead::jid_pair || (lead >= Lead::interop_jid && lead <= Lead::ad_jid);
}

// Domain bytes of AD_JID that have a server of their own.
namespace domain {
inline constexpr std::uint8_t phone = 0, lid = 1, hosted = 128, hosted_lid = 129;
} // namespace domain

namespace packed {
// The two characters of each byte; NUL for a digit that is not assigned.
using Table = std::array<std::array<char, 2>, 256>;
consteval Table table_of(std::string_view digits) {
    Table table{};
    for (std::size_t byte = 0; byte < table.size(); ++byte) {
        const std::size_t high = byte >> 4U;
        const std::size_t low = byte & 0x0fU;
        table[byte] = {high < digits.size() ? digits[high] : '\0',
                       low < digits.size() ? digits[low] : '\0'};
    }
    return table;
}
inline constexpr std::string_view nibble_digits = "0123456789-.";
inline constexpr std::string_view hex_digits = "0123456789ABCDEF";
inline constexpr Table nibbles = table_of(nibble_digits);
inline constexpr Table hexes = table_of(hex_digits);
} // namespace packed

} // namespace vestari::wire
