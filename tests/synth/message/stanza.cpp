#include "tests/synth/message/stanza.hpp"

#include <zlib.h>

#include "bridge/wire/encoder.hpp"
#include "vestari/base/check.hpp"

namespace vestari::synth {

Stanza& Stanza::with(std::string key, std::string value) {
    attributes.emplace_back(std::move(key), std::move(value));
    return *this;
}

Stanza& Stanza::with(std::string key, const Jid& jid) {
    attributes.emplace_back(std::move(key), jid);
    return *this;
}

Stanza& Stanza::with_jid(std::string key, std::string_view jid) {
    const Result<Jid> parsed = Jid::parse(jid);
    VESTARI_CHECK(parsed.has_value());
    return with(std::move(key), *parsed);
}

namespace {

wire::OutNode to_out(const Stanza& stanza) {
    wire::OutNode node{.tag = stanza.tag, .attributes = stanza.attributes, .content = {}};
    if (!stanza.children.empty()) {
        std::vector<wire::OutNode> children;
        for (const Stanza& child : stanza.children) {
            children.push_back(to_out(child));
        }
        node.content = std::move(children);
    } else if (!stanza.bytes.empty()) {
        node.content = stanza.bytes;
    }
    return node;
}

} // namespace

Bytes encode(const Stanza& stanza, Packing packing) {
    Bytes out = wire::encode(to_out(stanza));
    if (packing == Packing::plain) {
        return out;
    }
    const Bytes node(out.begin() + 1, out.end()); // without the flag byte
    uLongf size = compressBound(node.size());
    out.resize(1 + size);
    out[0] = std::byte{2};
    VESTARI_CHECK(compress(reinterpret_cast<Bytef*>(out.data() + 1), &size,
                           reinterpret_cast<const Bytef*>(node.data()), node.size()) == Z_OK);
    out.resize(1 + size);
    return out;
}

} // namespace vestari::synth
