// Writes a stanza of the closed set down as a tree for the codec.
//
// Invariants  tags, attributes and fixed values come from words.hpp alone; every value that the types allow is written in the one
//             form of its row. What leaves is checked again by the guard, which shares no code with this.
// Threads     a free function without state.
// Errors      none.
// Source      wire/10-connection.md section 14 and the sections it names. Vectors: tests/vectors/connection/outbound_stanzas.json,
//             prekeys.json, adv_pairing.json; tests/vectors/messages/g-stanzas.json (retry receipts).
#pragma once

#include "bridge/outbound/stanzas.hpp"
#include "bridge/wire/encoder.hpp"

namespace vestari::outbound {

[[nodiscard]] wire::OutNode encode(const Outbound& stanza);

} // namespace vestari::outbound
