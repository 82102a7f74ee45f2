#include "ingest/cli/terminal/sanitise.hpp"

#include <algorithm>
#include <cstdint>

#include <utf8proc.h>

namespace vestari::terminal {
namespace {

constexpr char32_t escape = 0x1b;
constexpr char32_t bell = 0x07;
constexpr char32_t string_terminator = 0x9c;
constexpr std::string_view replacement = "\xef\xbf\xbd";

// The code point at `at`, and how many bytes it takes. A broken sequence is one byte long and reads as `broken`.
struct Point {
    char32_t value;
    std::size_t bytes;
};
constexpr char32_t broken = 0xffffffff;

Point point_at(std::string_view text, std::size_t at) {
    std::int32_t value = 0;
    const auto rest = static_cast<utf8proc_ssize_t>(text.size() - at);
    const auto bytes =
        utf8proc_iterate(reinterpret_cast<const std::uint8_t*>(text.data()) + at, rest, &value);
    if (bytes <= 0) {
        return {broken, 1};
    }
    return {static_cast<char32_t>(value), static_cast<std::size_t>(bytes)};
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c <= 0x9f); }

// Invisible or reordering: format characters (bidi controls, zero width, tags), variation selectors, line separators, skin
// tones (which some terminals draw as a character and some do not).
bool is_hidden(char32_t c) {
    const auto category = utf8proc_category(static_cast<std::int32_t>(c));
    return category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP || (c >= 0xfe00 && c <= 0xfe0f) ||
           (c >= 0xe0000 && c <= 0xe0fff) || (c >= 0x1f3fb && c <= 0x1f3ff) || c == 0x034f ||
           c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0 || c == 0x17b4 || c == 0x17b5 ||
           (c >= 0x180b && c <= 0x180f);
}

bool is_noncharacter(char32_t c) { return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef); }

bool is_mark(char32_t c) {
    const auto category = utf8proc_category(static_cast<std::int32_t>(c));
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

// The end of a control sequence whose parameters begin at `at`: intermediate and parameter bytes, then one final byte.
std::size_t after_control_sequence(std::string_view text, std::size_t at) {
    while (at < text.size() && text[at] >= 0x20 && text[at] <= 0x3f) {
        ++at;
    }
    return at < text.size() && text[at] >= 0x40 && text[at] <= 0x7e ? at + 1 : at;
}

// The end of a control string (OSC, DCS, SOS, PM, APC) whose body begins at `at`; `at` itself when it has no end nearby: then
// the body is ordinary text and stays visible.
std::size_t after_control_string(std::string_view text, std::size_t at) {
    const std::size_t limit = std::min(text.size(), at + max_sequence);
    for (std::size_t i = at; i < limit;) {
        const Point point = point_at(text, i);
        if (point.value == bell || point.value == string_terminator ||
            (point.value == broken && text[i] == '\x9c')) {
            return i + point.bytes;
        }
        if (point.value == escape) {
            return i + 1 < text.size() && text[i + 1] == '\\' ? i + 2 : i;
        }
        i += point.bytes;
    }
    return at;
}

// `introducer` is the C1 control that the escape sequence stands for: '[' and U+009B are the same thing.
std::size_t after_introducer(std::string_view text, std::size_t at, char32_t introducer) {
    switch (introducer) {
    case 0x9b: return after_control_sequence(text, at);
    case 0x90:
    case 0x98:
    case 0x9d:
    case 0x9e:
    case 0x9f: return after_control_string(text, at);
    default: return at;
    }
}

// The end of the sequence that begins with ESC at `at`.
std::size_t after_escape(std::string_view text, std::size_t at) {
    std::size_t i = at + 1;
    if (i < text.size() && text[i] >= 0x40 &&
        text[i] <= 0x5f) { // ESC and a C1 in its seven-bit form
        return after_introducer(text, i + 1, static_cast<char32_t>(text[i]) + 0x40);
    }
    while (i < text.size() && text[i] >= 0x20 && text[i] <= 0x2f) {
        ++i; // intermediate bytes: ESC ( B
    }
    return i < text.size() && text[i] >= 0x30 && text[i] <= 0x7e ? i + 1 : i;
}

class Cleaner {
public:
    Cleaner(std::string_view text, bool keep_lines) : text_{text}, keep_lines_{keep_lines} {
        clean_.reserve(text.size());
    }

    std::string run() && {
        while (at_ < text_.size()) {
            const Point point = point_at(text_, at_);
            step(point);
        }
        return std::move(clean_);
    }

private:
    void step(Point point) {
        if (point.value == broken) {
            const auto byte = static_cast<unsigned char>(text_[at_]);
            put(replacement, 1);
            if (byte >= 0x80 &&
                byte <= 0x9f) { // a raw C1 byte still introduces a sequence on some terminals
                at_ = after_introducer(text_, at_, byte);
            }
        } else if (point.value == escape) {
            at_ = after_escape(text_, at_);
        } else if (is_control(point.value)) {
            control(point);
        } else if (is_hidden(point.value)) {
            at_ += point.bytes;
        } else if (is_noncharacter(point.value)) {
            put(replacement, point.bytes);
        } else {
            marks_ = is_mark(point.value) ? marks_ + 1 : 0;
            put(marks_ > max_marks ? std::string_view{} : text_.substr(at_, point.bytes),
                point.bytes);
        }
    }

    void control(Point point) {
        const bool line = point.value == '\n' || point.value == '\r' || point.value == 0x85 ||
                          point.value == 0x0b || point.value == 0x0c;
        const bool pair = point.value == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
        if (!pair && (line || point.value == '\t')) {
            clean_ += line && keep_lines_ ? '\n' : ' ';
            marks_ = 0;
        }
        at_ = after_introducer(text_, at_ + point.bytes, point.value);
    }

    void put(std::string_view what, std::size_t from) {
        clean_ += what;
        at_ += from;
    }

    std::string_view text_;
    bool keep_lines_;
    std::size_t at_ = 0;
    std::size_t marks_ = 0;
    std::string clean_;
};

} // namespace

std::string one_line(std::string_view foreign) { return Cleaner{foreign, false}.run(); }

std::string paragraph(std::string_view foreign) { return Cleaner{foreign, true}.run(); }

} // namespace vestari::terminal
