#include "bridge/daemon/capture/pseudonyms.hpp"

#include <array>
#include <optional>
#include <vector>

#include "vestari/crypto/hash.hpp"

namespace vestari::daemon {

namespace {

constexpr std::size_t shortest_bare = 9;          // digits in one piece
constexpr std::size_t shortest_international = 8; // behind a plus, in pieces
constexpr std::size_t shortest_beside_at = 6;     // "@…" of a mention, "…@server"
constexpr std::size_t longest_gap = 2;
constexpr int max_depth = 32;
constexpr std::size_t key_bytes = 32;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool joins(char c) noexcept {
    return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/';
}

// The positions of the digits of one number from `at` on; pieces are joined behind a plus only.
std::vector<std::size_t> number_at(std::span<const char> text, std::size_t at, bool international) {
    std::vector<std::size_t> digits;
    std::size_t gap = 0;
    for (std::size_t i = at; i < text.size(); ++i) {
        if (is_digit(text[i])) {
            digits.push_back(i);
            gap = 0;
        } else if (!international || !joins(text[i]) || ++gap > longest_gap) {
            break;
        }
    }
    return digits;
}

bool names_somebody(std::span<const char> text, const std::vector<std::size_t>& digits,
                    bool international) {
    const std::size_t first = digits.front();
    const std::size_t behind = digits.back() + 1;
    const bool beside_at = (first > 0 && text[first - 1] == '@') ||
                           (behind < text.size() && (text[behind] == '@' || text[behind] == ':'));
    return digits.size() >= (international ? shortest_international
                             : beside_at   ? shortest_beside_at
                                           : shortest_bare);
}

// One field of a protobuf: where its length-delimited content lies, if it has any.
struct Field {
    std::size_t from = 0;
    std::size_t size = 0;
    std::size_t end = 0;
    enum class Content : std::uint8_t { number, bytes } content = Content::number;
};

std::optional<std::uint64_t> varint(BytesView bytes, std::size_t& at) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
        const auto byte = std::to_integer<std::uint64_t>(bytes[at++]);
        value |= (byte & 0x7fU) << shift;
        if ((byte & 0x80U) == 0) {
            return value;
        }
    }
    return std::nullopt;
}

std::optional<Field> field_at(BytesView bytes, std::size_t at) {
    const auto key = varint(bytes, at);
    if (!key || (*key >> 3U) == 0 || (*key >> 3U) > 0x1fffffffU) {
        return std::nullopt;
    }
    std::size_t size = 0;
    Field field;
    switch (*key & 7U) {
    case 0:
        if (!varint(bytes, at)) {
            return std::nullopt;
        }
        break;
    case 1: size = 8; break;
    case 5: size = 4; break;
    case 2: {
        const auto length = varint(bytes, at);
        if (!length || *length > bytes.size() - at) {
            return std::nullopt;
        }
        size = static_cast<std::size_t>(*length);
        field.content = Field::Content::bytes;
        break;
    }
    default: return std::nullopt;
    }
    if (size > bytes.size() - at) {
        return std::nullopt;
    }
    field.from = at;
    field.size = size;
    field.end = at + size;
    return field;
}

bool is_message(BytesView bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto field = field_at(bytes, at);
        if (!field) {
            return false;
        }
        at = field->end;
    }
    return !bytes.empty();
}

bool is_picture(BytesView bytes) {
    constexpr std::array jpeg{std::byte{0xff}, std::byte{0xd8}, std::byte{0xff}};
    constexpr std::array png{std::byte{0x89}, std::byte{0x50}, std::byte{0x4e}};
    const auto starts = [bytes](const auto& with) {
        return bytes.size() > with.size() && std::equal(with.begin(), with.end(), bytes.begin());
    };
    return starts(jpeg) || starts(png);
}

bool is_plain(BytesView bytes) {
    return std::ranges::all_of(bytes, [](std::byte b) {
        const auto c = std::to_integer<unsigned>(b);
        return c >= 0x20 && c < 0x7f;
    });
}

} // namespace

Pseudonyms::Pseudonyms() : key_{Key::random()} {}

std::string Pseudonyms::text(std::string_view from) const {
    std::string text{from};
    rewrite_numbers(text);
    return text;
}

Bytes Pseudonyms::message(BytesView from) const {
    Bytes message = to_bytes(from);
    blind_fields(message, 0);
    rewrite_numbers({reinterpret_cast<char*>(message.data()), message.size()});
    return message;
}

void Pseudonyms::rewrite_numbers(std::span<char> text) const {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!is_digit(text[at])) {
            continue;
        }
        const bool international = at > 0 && text[at - 1] == '+';
        const std::vector<std::size_t> digits = number_at(text, at, international);
        if (names_somebody(text, digits, international)) {
            rename(text, digits);
            at = digits.back();
        } else { // go on behind its first piece
            while (at + 1 < text.size() && is_digit(text[at + 1])) {
                ++at;
            }
        }
    }
}

void Pseudonyms::rename(std::span<char> text, std::span<const std::size_t> digits) const {
    Bytes number;
    for (const std::size_t at : digits) {
        number.push_back(static_cast<std::byte>(text[at]));
    }
    crypto::Digest noise = crypto::hmac_sha256(key_.expose(), number);
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i != 0 && i % noise.size() == 0) {
            noise = crypto::hmac_sha256(key_.expose(), noise);
        }
        const auto value = std::to_integer<unsigned>(noise[i % noise.size()]);
        text[digits[i]] = static_cast<char>(i == 0 ? '1' + value % 9 : '0' + value % 10);
    }
}

void Pseudonyms::blind_fields(std::span<std::byte> message, int depth) const {
    std::size_t at = 0;
    while (at < message.size()) {
        const auto field = field_at(message, at);
        if (!field) {
            return;
        }
        at = field->end;
        if (field->content == Field::Content::number) {
            continue;
        }
        const std::span<std::byte> content = message.subspan(field->from, field->size);
        if (content.size() == key_bytes && !is_plain(content)) {
            blind(content); // a media key, a hash, a message secret
        } else if (is_picture(content)) {
            std::ranges::fill(content.subspan(3), std::byte{0});
        } else if (depth < max_depth && is_message(content)) {
            blind_fields(content, depth + 1);
        }
    }
}

void Pseudonyms::blind(std::span<std::byte> secret) const {
    const crypto::Digest noise = crypto::hmac_sha256(key_.expose(), secret);
    std::ranges::copy(noise, secret.begin());
}

} // namespace vestari::daemon
