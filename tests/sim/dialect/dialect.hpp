// Clients of other years name words by other dictionaries: a document with every token spelled out is read by all of them.
//
// Invariants  spell_out keeps the tree: what a decoder of that dictionary reads of `document`, any decoder reads of the result.
// Threads     free functions; a Dictionary is constant once made.
// Errors      std::invalid_argument for a dictionary that is none; an empty optional for a document that breaks off or nests too deep.
// Source      wire/10-connection.md sections 5.2 to 5.6.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vestari/base/bytes.hpp"

namespace vestari::sim {

struct Dictionary {
    std::vector<std::string> single;
    std::array<std::vector<std::string>, 4> pairs;

    static Dictionary current();
    // JSON: {"single":[…],"double":[[…],…]}
    static Dictionary read(const std::filesystem::path& file);
};

// `document` with its flag byte, uncompressed.
std::optional<Bytes> spell_out(BytesView document, const Dictionary& dictionary);

} // namespace vestari::sim
