// Decodes a stanza as it leaves Noise: flag byte, then the nodes, compressed or not.
//
// Invariants  no byte of a payload is copied: nodes view into the caller's frame, or into the decoder's inflated bytes. Every limit
//             of wire_error.hpp holds; the work is linear in the (inflated) size and the stack does not grow with the nesting.
// Threads     one owner.
// Errors      WireErrc for whatever bytes come; the machine out of memory: std::bad_alloc.
// Source      wire/10-connection.md section 5; SETTLED section 5. Vectors: tests/vectors/connection/nodes.json.
#pragma once

#include <memory>

#include "bridge/wire/node.hpp"
#include "bridge/wire/wire_error.hpp"
#include "vestari/base/bytes.hpp"

namespace vestari::wire {

// Keeps its memory from stanza to stanza, until it is told to rest.
class Decoder {
public:
    Decoder();
    ~Decoder();
    Decoder(Decoder&&) noexcept;
    Decoder& operator=(Decoder&&) noexcept;

    // The root, valid until the next decode() and as long as the frame's bytes.
    [[nodiscard]] Result<const Node*> decode(BytesView frame);

    void rest() noexcept; // gives its memory back; the last root is gone

private:
    struct State;
    std::unique_ptr<State> state_;
};

// One decoded stanza that can be passed on. The frame must outlive it.
class Document {
public:
    const Node& root() const noexcept { return *root_; }

private:
    friend Result<Document> decode(BytesView frame);
    Document(Decoder&& decoder, const Node* root) noexcept
        : decoder_{std::move(decoder)}, root_{root} {}
    Decoder decoder_;
    const Node* root_;
};

[[nodiscard]] Result<Document> decode(BytesView frame);

} // namespace vestari::wire
