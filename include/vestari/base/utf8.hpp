// UTF-8 at the edge: is it valid, and if not, make it so.
//
// Invariants  valid means Unicode 15 table 3-7: no over-long form, no surrogate, nothing above U+10FFFF. to_valid_utf8 puts one
//             U+FFFD for each maximal ill-formed part, as browsers do, so its result is always valid and at most three times as
//             long.
// Threads     free functions without state.
// Errors      none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace vestari {

// How the text begins: a well-formed sequence of `length` bytes, or an ill-formed part of that length.
struct Utf8Step {
    std::size_t length; // 1 to 4; of a text that is not empty
    bool valid;
};

inline Utf8Step utf8_step(std::string_view text) noexcept {
    const auto at = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = at(0);
    if (lead < 0x80) {
        return {1, true};
    }
    if (lead < 0xc2 || lead > 0xf4) {
        return {1, false};
    }
    const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    // The second byte's range is narrower after four of the lead bytes; it rules out over-long forms and surrogates.
    const std::uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (text.size() < 2 || at(1) < low || at(1) > high) {
        return {1, false};
    }
    for (std::size_t i = 2; i < length; ++i) {
        if (i >= text.size() || (at(i) & 0xc0U) != 0x80) {
            return {i, false};
        }
    }
    return {length, true};
}

// The number of leading bytes that are plain ASCII, eight at a time.
inline std::size_t ascii_prefix(std::string_view text) noexcept {
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + i, sizeof word);
        if ((word & 0x8080808080808080ULL) != 0) {
            break;
        }
    }
    while (i < text.size() && static_cast<std::uint8_t>(text[i]) < 0x80) {
        ++i;
    }
    return i;
}

// The number of leading bytes that are valid UTF-8.
inline std::size_t valid_utf8_prefix(std::string_view text) noexcept {
    std::size_t i = ascii_prefix(text);
    while (i < text.size()) {
        const Utf8Step step = utf8_step(text.substr(i));
        if (!step.valid) {
            return i;
        }
        i += step.length;
        if (step.length == 1) {
            i += ascii_prefix(text.substr(i));
        }
    }
    return i;
}

inline bool is_valid_utf8(std::string_view text) noexcept {
    return valid_utf8_prefix(text) == text.size();
}

inline std::string to_valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (;;) {
        const std::size_t good = valid_utf8_prefix(text);
        out.append(text.substr(0, good));
        text.remove_prefix(good);
        if (text.empty()) {
            return out;
        }
        out.append("\xef\xbf\xbd");
        text.remove_prefix(utf8_step(text).length);
    }
}

// The longest beginning of a text that has at most `limit` bytes and splits no character.
inline std::string_view cut_utf8(std::string_view text, std::size_t limit) noexcept {
    if (text.size() <= limit) {
        return text;
    }
    std::size_t end = limit;
    while (end > 0 && limit - end < 3 && (static_cast<std::uint8_t>(text[end]) & 0xc0U) == 0x80) {
        --end;
    }
    return text.substr(0, end);
}

} // namespace vestari
