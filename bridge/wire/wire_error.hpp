// What can be wrong with a stanza's bytes. Each of them means: a broken or hostile peer; do not answer, close the connection.
//
// Source  SETTLED section 5 and wire/10-connection.md section 5.9 (limits), section 5.7 (what is refused).
#pragma once

#include <cstddef>

#include "vestari/base/result.hpp"

namespace vestari::wire {

enum class WireErrc {
    truncated = 1,
    frame_too_long,
    inflated_too_long,
    inflates_too_far,
    bad_stream,
    truncated_stream,
    bytes_after_stream,
    not_a_list,
    empty_node,
    unassigned_byte,
    not_a_string,
    nested_jid,
    bad_tag,
    bad_key,
    bad_value,
    bad_packed,
    bad_jid,
    duplicate_attribute,
    too_many_attributes,
    too_many_nodes,
    too_deep,
    trailing_bytes,
};

std::string_view describe(WireErrc error) noexcept;
inline ErrorCode make_error_code(WireErrc e) noexcept {
    return make_code(e, category_of<WireErrc>("wire"));
}

// Named limits; sizes in bytes.
namespace limit {
inline constexpr std::size_t frame = 16U << 20U;
inline constexpr std::size_t inflated = 16U << 20U;
inline constexpr std::size_t inflated_freely = 1U << 20U; // up to here any ratio is accepted
inline constexpr std::size_t ratio = 200;                 // inflated : compressed, above that
inline constexpr std::size_t depth = 32;                  // the root has depth 1
inline constexpr std::size_t nodes = 65'536;
inline constexpr std::size_t attributes = 256; // of one node
inline constexpr std::size_t all_attributes =
    4 * nodes; // of a stanza: they cost more memory than bytes
inline constexpr std::size_t tag = 64;
inline constexpr std::size_t key = 128;
inline constexpr std::size_t value = 64U << 10U;
inline constexpr std::size_t packed =
    127; // characters of a string that we pack; up to 254 are read
} // namespace limit

} // namespace vestari::wire

template <> struct boost::system::is_error_code_enum<vestari::wire::WireErrc> : std::true_type {};
