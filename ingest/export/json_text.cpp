#include "ingest/export/json_text.hpp"

#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace vestari::ingest {
namespace {

struct Character {
    char32_t code;
    std::size_t size; // bytes
};

// The character at the start of the text; empty if those bytes are not UTF-8.
std::optional<Character> first_character(std::string_view text) {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
        return Character{lead, 1};
    }
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < size) {
        return std::nullopt;
    }
    char32_t code = lead & (0xffU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0U) != 0x80U) {
            return std::nullopt;
        }
        code = (code << 6U) | (byte(i) & 0x3fU);
    }
    const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return overlong || surrogate || code > 0x10ffff ? std::nullopt
                                                    : std::optional{Character{code, size}};
}

// Invisible, and able to change how a terminal or a reader shows what follows.
bool escapes(char32_t code) {
    return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x61c ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

bool append_short_escape(std::string& out, char32_t code) {
    switch (code) {
    case U'"': out += "\\\""; return true;
    case U'\\': out += "\\\\"; return true;
    case U'\n': out += "\\n"; return true;
    case U'\r': out += "\\r"; return true;
    case U'\t': out += "\\t"; return true;
    default: return false;
    }
}

} // namespace

double rounded(double value) {
    const double scaled = value * 1e6;
    return static_cast<double>(static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5))) / 1e6;
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const std::optional<Character> character = first_character(text);
        if (!character) {
            out += "\xef\xbf\xbd";
            text.remove_prefix(1);
            continue;
        }
        if (!append_short_escape(out, character->code)) {
            if (escapes(character->code)) {
                fmt::format_to(std::back_inserter(out), "\\u{:04x}",
                               static_cast<std::uint32_t>(character->code));
            } else {
                out += text.substr(0, character->size);
            }
        }
        text.remove_prefix(character->size);
    }
    out += '"';
}

void append_json_number(std::string& out, double value) {
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    char digits[32];
    const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), value);
    out.append(digits, error == std::errc{} ? end : digits);
}

} // namespace vestari::ingest
