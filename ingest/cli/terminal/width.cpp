#include "ingest/cli/terminal/width.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>
#include <utf8proc.h>

namespace vestari::terminal {
namespace {

struct Character {
    std::size_t bytes;
    std::size_t width;
};

Character character_at(std::string_view text, std::size_t at) {
    std::int32_t value = 0;
    const auto bytes = utf8proc_iterate(reinterpret_cast<const std::uint8_t*>(text.data()) + at,
                                        static_cast<utf8proc_ssize_t>(text.size() - at), &value);
    if (bytes <= 0) {
        return {1, 1};
    }
    return {static_cast<std::size_t>(bytes),
            static_cast<std::size_t>(std::max(utf8proc_charwidth(value), 0))};
}

// How many bytes of `text` take at most `width` columns, marks after the last character included.
std::size_t bytes_within(std::string_view text, std::size_t width) {
    std::size_t at = 0;
    while (at < text.size()) {
        const Character character = character_at(text, at);
        if (character.width > width) {
            break;
        }
        width -= character.width;
        at += character.bytes;
    }
    return at;
}

} // namespace

std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Character character = character_at(text, at);
        width += character.width;
        at += character.bytes;
    }
    return width;
}

std::string fit(std::string_view text, std::size_t width, std::string_view ellipsis) {
    const std::size_t whole = bytes_within(text, width);
    if (whole == text.size()) {
        return std::string{text};
    }
    const std::size_t mark = width_of(ellipsis);
    if (mark >= width) {
        return std::string{text.substr(0, whole)};
    }
    std::string cut{text.substr(0, bytes_within(text, width - mark))};
    cut.erase(cut.find_last_not_of(' ') + 1);
    return cut.append(ellipsis);
}

std::string pad(std::string_view text, std::size_t width, Align align) {
    const std::size_t taken = width_of(text);
    const std::string space(width > taken ? width - taken : 0, ' ');
    return align == Align::left ? std::string{text} + space : space + std::string{text};
}

std::string wrap(std::string_view text, std::size_t width, std::size_t margin) {
    constexpr std::size_t narrowest = 20;
    if (width < margin + narrowest) {
        return std::string{text};
    }
    std::string lines;
    std::size_t column = margin;
    while (!text.empty()) {
        const std::size_t space = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, space);
        text.remove_prefix(std::min(space + 1, text.size()));
        const std::size_t wide = width_of(word);
        if (column != margin && column + 1 + wide > width) {
            lines.append("\n").append(margin, ' ');
            column = margin;
        } else if (column != margin) {
            lines += ' ';
            ++column;
        }
        lines += word;
        column += wide;
    }
    return lines;
}

std::string grouped(long long number) {
    std::string digits = fmt::format("{}", number);
    const std::size_t sign = number < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > sign + 3; at -= 3) {
        digits.insert(at - 3, ",");
    }
    return digits;
}

} // namespace vestari::terminal
