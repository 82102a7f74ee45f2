// Text as the recognisers read it: folded to lower case, without accents, with plain digits and punctuation, and with the way back.
//
// Invariants  `origin` has one entry per byte of `folded` plus one for its end; entries never fall and lie inside the message.
//             `folded` is valid UTF-8 without control characters other than '\n'; marks that nobody sees (zero width, bidi,
//             variation selectors, combining accents) are gone; a broken sequence reads as a space.
// Cost        linear; at most `max_text_bytes` of the message are read.
// Threads     a Folded belongs to its caller.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vestari::parser {

struct Folded {
    std::string text;
    std::vector<std::uint32_t> origin;

    void fold(std::string_view message);
    void wipe() noexcept; // the text leaves memory, the buffers stay

private:
    void append_plain(std::string_view message, std::size_t at, std::size_t size);
};

// For vocabulary and catalogue: the same folding without the way back.
std::string fold_word(std::string_view word);

// One code point at `at`, which moves behind it; a broken sequence gives U+FFFD and moves one byte.
char32_t next_code_point(std::string_view text, std::size_t& at) noexcept;

} // namespace vestari::parser
