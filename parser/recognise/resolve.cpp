#include "parser/recognise/recognise.hpp"
#include "parser/recognise/settle.hpp"

namespace vestari::parser {

namespace {

// Words that open a line, and "any".
bool may_tell_intent(const Message& message, std::size_t i) noexcept {
    return i == 0 || message.marks[i - 1].kind == Kind::newline ||
           message.text()[message.marks[i].from] == 'a';
}

void settle(Message& message, std::size_t i) {
    if (may_tell_intent(message, i)) {
        settle_intent(message, i);
    }
    switch (message.marks[i].kind) {
    case Kind::unit:
    case Kind::word:
    case Kind::filler:
    case Kind::dial:
    case Kind::condition:
    case Kind::set:
    case Kind::metal:
    case Kind::bracelet: settle_attribute(message, i); break;
    case Kind::date:
    case Kind::reference:
    case Kind::brand: settle_number(message, i); break;
    case Kind::place: settle_place(message, i); break;
    default: break;
    }
}

} // namespace

void resolve(Message& message) {
    for (std::size_t i = 0; i < message.marks.size(); ++i) {
        settle(message, i);
    }
    join_amounts(message);
    drop_taken_back(message);
    settle_nicknames(message);
}

} // namespace vestari::parser
