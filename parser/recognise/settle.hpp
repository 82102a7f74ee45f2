// What the files that settle marks by their neighbours share: looking around in the line, and giving a mark another meaning.
//
// Cost        looks end after `near` marks (a few times that at most), so the whole stays linear.
#pragma once

#include "parser/recognise/look.hpp"

namespace vestari::parser {

class Settler : protected Look {
public:
    explicit Settler(Message& message) : Look{message}, m_{message} {}

protected:
    Mark& at(std::size_t i) { return m_.marks[i]; }

    static constexpr std::size_t near = 120;

    const Ident* ident_before(std::size_t i, bool same_line) const {
        for (std::size_t steps = 0; i-- > 0 && steps < near; ++steps) {
            if (m_.marks[i].kind == Kind::newline && same_line) {
                return nullptr;
            }
            if (m_.marks[i].kind == Kind::reference) {
                return &m_.idents[static_cast<std::size_t>(m_.marks[i].value)];
            }
        }
        return nullptr;
    }

    bool line_has_before(std::size_t i, std::initializer_list<Kind> kinds) const {
        for (std::size_t steps = 0; i-- > 0 && steps < near && m_.marks[i].kind != Kind::newline;
             ++steps) {
            if (std::find(kinds.begin(), kinds.end(), m_.marks[i].kind) != kinds.end()) {
                return true;
            }
        }
        return false;
    }

    void become(std::size_t i, Kind kind, std::int32_t value) {
        at(i).kind = kind;
        at(i).value = value;
        at(i).phrase = -1;
        at(i).readings = 0;
        m_.kinds |= std::uint64_t{1} << static_cast<unsigned>(kind);
    }

    // 41500u, and in Asian groups "155k u": tether.
    bool tether_letter(std::size_t i) const {
        if (!is(i, Kind::word) || m_.of(m_.marks[i]) != "u" || i == 0 || !is(i - 1, Kind::amount)) {
            return false;
        }
        const Amount& amount = m_.amounts[static_cast<std::size_t>(m_.marks[i - 1].value)];
        return m_.marks[i].glued || (m_.asian_style && (amount.power != 0 || amount.grouped ||
                                                        amount.plain_digits >= 5));
    }

    Message& m_;
};

// Settle the mark at `i`, of the kinds that each knows; the marks before it are settled.
void settle_intent(Message& message, std::size_t i);    // opens the line: "have", "any"
void settle_attribute(Message& message, std::size_t i); // words, dials, conditions, sets, metals
void settle_number(Message& message, std::size_t i);    // dates, references, makers
void settle_place(Message& message, std::size_t i);

// Give the amounts their currencies, and ranges and pairs what their parts share.
void join_amounts(Message& message);
// References that the writer takes back identify nothing.
void drop_taken_back(Message& message);
// Nicknames complete the reference beside them or identify a watch themselves.
void settle_nicknames(Message& message);

} // namespace vestari::parser
