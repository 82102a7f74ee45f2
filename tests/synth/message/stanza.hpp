// A stanza as a sender's server hands it over: an owning tree, encoded by the bridge's own encoder, optionally compressed.
//
// Threads     values.
// Source      wire/20-messages.md section 2, wire/10-connection.md section 5.
#pragma once

#include <variant>

#include "vestari/base/bytes.hpp"
#include "vestari/base/jid.hpp"

namespace vestari::synth {

struct Stanza {
    using Value = std::variant<std::string, Jid>;
    std::string tag;
    std::vector<std::pair<std::string, Value>> attributes;
    std::vector<Stanza> children;
    Bytes bytes; // content, when there are no children

    Stanza& with(std::string key, std::string value);
    Stanza& with(std::string key, const Jid& jid);
    Stanza& with_jid(std::string key, std::string_view jid); // must parse
};

enum class Packing : std::uint8_t { plain, compressed };

Bytes encode(const Stanza& stanza, Packing packing); // flag byte first

} // namespace vestari::synth
