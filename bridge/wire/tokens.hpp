// The codec's dictionaries: words that a stanza names by one or two bytes.
//
// Invariants  1260 entries; no text occurs twice, so the way back is unambiguous; views are valid for ever.
// Threads     constant data. It holds no pointers, so that it stays in shared read-only pages.
// Source      wire/tokens.md and tokens.json (dictionary version 3).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vestari::wire::tokens {

inline constexpr std::size_t single_count = 236; // bytes 0 to 235; 0 is never written
inline constexpr std::size_t dictionary_count = 4;
inline constexpr std::size_t dictionary_size = 256;
inline constexpr std::size_t count = single_count + dictionary_count * dictionary_size;
inline constexpr std::size_t longest = 48; // bytes of the longest entry
inline constexpr std::uint8_t first_dictionary_tag = 236;

extern const std::array<std::uint16_t, count + 1>
    offsets; // where each entry starts; its line feed ends it
extern const char text[];

inline std::string_view at(std::size_t entry) noexcept {
    const std::size_t from = offsets[entry];
    return {text + from, offsets[entry + 1] - from - 1U};
}

// byte: 1 to 235.
inline std::string_view single(std::uint8_t byte) noexcept { return at(byte); }

// dictionary: 0 to 3.
inline std::string_view pair(std::size_t dictionary, std::uint8_t index) noexcept {
    return at(single_count + dictionary * dictionary_size + index);
}

struct Code {
    std::uint8_t first;
    std::optional<std::uint8_t> second; // the index, after a dictionary's tag
};

// How a text is written as a token, if it is one.
std::optional<Code> find(std::string_view wanted) noexcept;

// All entries, each followed by a line feed: what the published hashes are taken over.
std::string_view canonical() noexcept;

} // namespace vestari::wire::tokens
