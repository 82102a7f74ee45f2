// Encodes a stanza: flag byte 00, then the nodes. A client never compresses.
//
// Invariants  what decode() accepts is encoded to bytes that decode to the same tree; the shortest form is chosen: token, packed
//             digits, then plain bytes.
// Threads     free functions without state.
// Errors      none: a node that no stanza can hold (nested deeper than the limit, 65,536 children, no tag) is a defect of ours.
// Source      wire/10-connection.md sections 5.5, 5.6, 5.8. Vectors: `encode_roundtrip` in tests/vectors/connection/nodes.json.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bridge/wire/node.hpp"
#include "vestari/base/bytes.hpp"
#include "vestari/base/jid.hpp"

namespace vestari::wire {

// A stanza that we build; it owns what it holds.
struct OutNode {
    using Value = std::variant<std::string, Jid>;

    std::string tag;
    std::vector<std::pair<std::string, Value>> attributes{}; // one with an empty text is left out
    std::variant<std::monostate, Bytes, std::string, std::vector<OutNode>> content{};
};

[[nodiscard]] Bytes encode(const OutNode& root);

// A decoded stanza again.
[[nodiscard]] Bytes encode(const Node& root);

} // namespace vestari::wire
