// Reads a stanza's root: tag and attributes, and not one byte behind them.
//
// Invariants  what follows the root's attributes is not looked at; of a compressed stanza it is not even inflated. So nothing below
//             the root of a dropped stanza is decoded (promise P2), and damage there changes nothing. A stanza that the Decoder
//             accepts has the same root here.
// Threads     one owner.
// Errors      WireErrc, as for the Decoder.
// Source      SETTLED section 4; wire/10-connection.md section 5.
#pragma once

#include <memory>

#include "bridge/wire/node.hpp"
#include "bridge/wire/wire_error.hpp"
#include "vestari/base/bytes.hpp"

namespace vestari::wire {

// Keeps its memory from stanza to stanza, until it is told to rest; an ordinary uncompressed stanza is read without allocating.
class RootReader {
public:
    RootReader();
    ~RootReader();
    RootReader(RootReader&&) noexcept;
    RootReader& operator=(RootReader&&) noexcept;

    // The root without its content, valid until the next read() and as long as the frame's bytes.
    [[nodiscard]] Result<const Node*> read(BytesView frame);

    // How many bytes of the (inflated) body the last read() looked at.
    std::size_t seen() const noexcept;

    void rest() noexcept; // gives its memory back; the last root is gone

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace vestari::wire
