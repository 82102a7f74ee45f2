// Reads protobuf's wire format over the fields that a caller asks for, and nothing else: what is not asked for is stepped over and
// never held. There is no generated code behind it, no reflection and no allocation.
//
// Invariants  every view handed out lies inside the bytes of the Block. Work is linear in those bytes; nothing is sized by a length
//             that the input claims. A message deeper than `max_depth` messages is refused.
// Refused     a cut field, field number 0, groups and the unused wire types (3, 4, 6, 7), keys and lengths of more than 5 bytes,
//             varints of more than 10 bytes or more than 64 bits, one message field given in more than `max_parts` parts.
//             A varint with needless zero bytes within these sizes is read, as every protobuf library reads it.
// Threads     values; no shared state.
// Errors      ContentErrc, kept in the Fault that all readers of one message share: once it is set every reader is at its end, so
//             a caller loops over fields without a check each and looks at the fault once.
// Source      protobuf.dev/programming-guides/encoding; SETTLED sections 4 and 5.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"

namespace vestari::content {

inline constexpr std::uint8_t max_depth = 32; // messages within messages, the outermost counted
inline constexpr std::size_t max_parts = 4;

enum class ContentErrc {
    empty = 1,
    bad_padding,
    unsupported_version,
    truncated,
    bad_key,
    bad_varint,
    too_many_parts,
    too_deep,
    too_many_wrappers,
    not_a_group, // group_change.hpp
};
std::string_view describe(ContentErrc error) noexcept;
inline ErrorCode make_error_code(ContentErrc e) noexcept {
    return make_code(e, category_of<ContentErrc>("content"));
}

// The first thing that was wrong with a message.
class Fault {
public:
    explicit operator bool() const noexcept { return set_; }
    ContentErrc error() const noexcept { return error_; } // meaningful when there is one
    void set(ContentErrc error) noexcept {
        if (!set_) {
            set_ = true;
            error_ = error;
        }
    }

private:
    bool set_ = false;
    ContentErrc error_{};
};

// The bytes of one message. Protobuf lets a writer give a message field several times and means the concatenation: then there is
// more than one part.
class Block {
public:
    Block() = default;
    explicit Block(BytesView whole, std::uint8_t depth = 1) noexcept : depth_{depth} {
        parts_[count_++] = whole;
    }

    bool present() const noexcept { return count_ > 0; }
    std::size_t size() const noexcept { return count_; } // in parts
    BytesView part(std::size_t i) const noexcept { return parts_[i]; }
    std::uint8_t depth() const noexcept { return depth_; }

    // The same field once more.
    void add(const Block& more, Fault& fault) noexcept {
        for (std::size_t i = 0; i < more.count_; ++i) {
            if (count_ == max_parts) {
                return fault.set(ContentErrc::too_many_parts);
            }
            parts_[count_++] = more.parts_[i];
            depth_ = more.depth_;
        }
    }

private:
    std::array<BytesView, max_parts> parts_{};
    std::uint8_t count_ = 0;
    std::uint8_t depth_ = 1;
};

// What a `switch` over the fields of a message says: case varint(2), case bytes(3). A field that arrives with another wire type
// than it is declared with matches no case and is stepped over, as protobuf does.
constexpr std::uint32_t varint(std::uint32_t number) noexcept { return number << 3U; }
constexpr std::uint32_t bytes(std::uint32_t number) noexcept { return (number << 3U) | 2U; }

struct Field {
    std::uint32_t key = 0;   // field number and wire type
    std::uint64_t value = 0; // of a varint; fixed32 and fixed64 are stepped over
    BytesView view;          // of a length-delimited field; valid as long as the input
    std::uint8_t depth = 1;  // of the message that holds it

    std::uint32_t number() const noexcept { return key >> 3U; }
    bool is_bytes() const noexcept { return (key & 7U) == 2; }
    std::string_view text() const noexcept { return as_text(view); } // unchecked
    Block block() const noexcept { return Block{view, static_cast<std::uint8_t>(depth + 1)}; }
    bool flag() const noexcept { return value != 0; }
    std::int32_t int32() const noexcept { return static_cast<std::int32_t>(value); }
    std::uint32_t uint32() const noexcept { return static_cast<std::uint32_t>(value); }
    std::int64_t int64() const noexcept { return static_cast<std::int64_t>(value); }
};

class WireReader {
public:
    WireReader(const Block& block,
               Fault& fault) noexcept; // keeps a copy of the block, not its bytes

    // The next field in the input's order; empty at the end and after a fault.
    std::optional<Field> next() noexcept;

private:
    bool read_varint(std::uint64_t& value, std::size_t longest) noexcept;
    bool read_value(Field& field) noexcept;
    bool fail(ContentErrc error) noexcept;

    Block block_;
    Fault& fault_; // outlives the reader
    BytesView rest_;
    std::size_t part_ = 0;
};

} // namespace vestari::content

template <>
struct boost::system::is_error_code_enum<vestari::content::ContentErrc> : std::true_type {};
