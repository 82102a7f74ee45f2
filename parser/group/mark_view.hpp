// What the passes that group marks ask of a message: its marks by their place, and the message itself.
//
// Invariants  a place behind the last mark answers no, or with an empty word.
// Threads     reads only; the message must outlive it.
#pragma once

#include <cstddef>

#include "parser/recognise/look.hpp"

namespace vestari::parser {

class MarkView : protected Look {
protected:
    explicit MarkView(const Message& message) : Look{message}, m_{message} {}

    bool cue(std::size_t i, Cue wanted) const { return Look::cue(i) == wanted; }

    const Message& m_;
};

} // namespace vestari::parser
