#include "bridge/content/protobuf_reader.hpp"

namespace vestari::content {

namespace {

constexpr std::size_t longest_varint = 10;
constexpr std::size_t longest_key = 5;
constexpr std::size_t longest_length = 5;
constexpr std::uint64_t max_field_number = (1ULL << 29U) - 1;

} // namespace

std::string_view describe(ContentErrc error) noexcept {
    switch (error) {
    case ContentErrc::empty: return "the decrypted message is empty";
    case ContentErrc::bad_padding: return "the decrypted message's padding is damaged";
    case ContentErrc::unsupported_version:
        return "the ciphertext's version is not one that is read";
    case ContentErrc::truncated: return "a field reaches beyond the end of its message";
    case ContentErrc::bad_key: return "a field has number 0, a group or an unknown wire type";
    case ContentErrc::bad_varint: return "a number is longer than its type";
    case ContentErrc::too_many_parts: return "a field that belongs once is there too often";
    case ContentErrc::too_deep: return "the message is nested deeper than 32 levels";
    case ContentErrc::too_many_wrappers: return "the message is wrapped more than 8 times";
    case ContentErrc::not_a_group: return "the node is not about a group";
    }
    return "unknown content error";
}

WireReader::WireReader(const Block& block, Fault& fault) noexcept : block_{block}, fault_{fault} {
    if (block_.depth() > max_depth) {
        fault_.set(ContentErrc::too_deep);
    }
    if (block_.present()) {
        rest_ = block_.part(0);
    }
}

bool WireReader::fail(ContentErrc error) noexcept {
    fault_.set(error);
    return false;
}

bool WireReader::read_varint(std::uint64_t& value, std::size_t longest) noexcept {
    value = 0;
    for (std::size_t i = 0; i < longest; ++i) {
        if (i >= rest_.size()) {
            return fail(ContentErrc::truncated);
        }
        const auto byte = std::to_integer<std::uint64_t>(rest_[i]);
        if (i + 1 == longest_varint && byte > 1) { // the tenth byte has room for one bit
            return fail(ContentErrc::bad_varint);
        }
        value |= (byte & 0x7fU) << (7 * i);
        if (byte < 0x80) {
            rest_ = rest_.subspan(i + 1);
            return true;
        }
    }
    return fail(ContentErrc::bad_varint);
}

bool WireReader::read_value(Field& field) noexcept {
    std::uint64_t length = 0;
    switch (field.key & 7U) {
    case 0: return read_varint(field.value, longest_varint);
    case 1: length = 8; break;
    case 2:
        if (!read_varint(length, longest_length)) {
            return false;
        }
        break;
    case 5: length = 4; break;
    default: return fail(ContentErrc::bad_key);
    }
    if (length > rest_.size()) {
        return fail(ContentErrc::truncated);
    }
    field.view = rest_.first(static_cast<std::size_t>(length));
    rest_ = rest_.subspan(static_cast<std::size_t>(length));
    return true;
}

std::optional<Field> WireReader::next() noexcept {
    while (rest_.empty() && part_ + 1 < block_.size()) {
        rest_ = block_.part(++part_);
    }
    if (fault_ || rest_.empty()) {
        return std::nullopt;
    }
    std::uint64_t key = 0;
    if (!read_varint(key, longest_key)) {
        return std::nullopt;
    }
    if ((key >> 3U) == 0 || (key >> 3U) > max_field_number) {
        fail(ContentErrc::bad_key);
        return std::nullopt;
    }
    Field field{
        .key = static_cast<std::uint32_t>(key), .value = 0, .view = {}, .depth = block_.depth()};
    if (!read_value(field)) {
        return std::nullopt;
    }
    return field;
}

} // namespace vestari::content
