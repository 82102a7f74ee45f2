// What the service does with stanzas: reads an owning tree from a client's bytes, looks things up in it, prints it for people.
//
// Invariants  a tree that parse() gave holds at most what the decoder's limits allow; JIDs stay JIDs, so that forwarding encodes
//             them as they came.
// Threads     free functions; values.
// Errors      parse: the decoder's WireErrc.
// Source      wire/10-connection.md section 5.
#pragma once

#include "tests/synth/message/stanza.hpp"
#include "vestari/base/result.hpp"

namespace vestari::sim {

using synth::Stanza;

[[nodiscard]] Result<Stanza> parse(BytesView document);
Bytes plain(const Stanza& stanza); // a document, not compressed

// An attribute as text, JIDs printed; empty when absent.
std::string text_of(const Stanza& stanza, std::string_view key);
bool has(const Stanza& stanza, std::string_view key);
// An attribute as a JID; a text that reads as one will do.
std::optional<Jid> jid_of(const Stanza& stanza, std::string_view key);
std::optional<std::uint64_t> number_of(const Stanza& stanza, std::string_view key);
const Stanza* child(const Stanza& stanza, std::string_view tag);
const Stanza* only_child(const Stanza& stanza); // null unless there is exactly one
void set(Stanza& stanza, std::string_view key, Stanza::Value value);
void drop(Stanza& stanza, std::string_view key);

// Building.
Stanza element(std::string_view tag, Bytes content = {});
Stanza with_text(std::string_view tag, std::string_view content);
Jid jid(std::string_view text); // must parse
Jid server_jid();               // s.whatsapp.net itself

// For people and failing tests: bytes as hex, cut after 48.
std::string to_xml(const Stanza& stanza);

} // namespace vestari::sim
