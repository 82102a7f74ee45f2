#include "bridge/content/names.hpp"

#include "bridge/content/parts.hpp"
#include "vestari/base/utf8.hpp"

namespace vestari::content {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};
// Controls, line and paragraph separators, bidirectional marks, embeddings, overrides and isolates, the byte-order mark.
constexpr Range unfit[] = {{0x0000, 0x001f}, {0x007f, 0x009f}, {0x061c, 0x061c}, {0x200e, 0x200f},
                           {0x2028, 0x202e}, {0x2066, 0x2069}, {0xfeff, 0xfeff}};

char32_t decode(std::string_view character) noexcept { // valid UTF-8
    const auto lead = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) {
        return lead;
    }
    char32_t code = lead & (0x7fU >> character.size());
    for (const char c : character.substr(1)) {
        code = (code << 6U) | (static_cast<unsigned char>(c) & 0x3fU);
    }
    return code;
}

bool is_unfit(std::string_view character) noexcept {
    const char32_t code = decode(character);
    for (const Range& range : unfit) {
        if (code >= range.first && code <= range.last) {
            return true;
        }
    }
    return false;
}

std::string_view trim(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

} // namespace

std::string clean_name(std::string_view raw) {
    const std::string valid = to_valid_utf8(cut_utf8(raw, 16 * max_name_characters));
    std::string kept;
    std::size_t characters = 0;
    std::string_view rest = trim(valid);
    while (!rest.empty() && characters < max_name_characters) {
        const std::string_view character = rest.substr(0, utf8_step(rest).length);
        rest.remove_prefix(character.size());
        if (!is_unfit(character)) {
            kept.append(character);
            ++characters;
        }
    }
    return std::string{trim(kept)};
}

std::string push_name(std::string_view notify) {
    return notify == "-" ? std::string{} : clean_name(notify);
}

std::string verified_name(BytesView certificate) {
    Fault fault;
    std::string_view name;
    WireReader in{read_inner(Block{certificate}, 1, fault),
                  fault}; // VerifiedNameCertificate.details
    while (const auto field = in.next()) {
        if (field->key == bytes(4)) {
            name = field->text();
        }
    }
    return fault ? std::string{} : clean_name(name);
}

} // namespace vestari::content
