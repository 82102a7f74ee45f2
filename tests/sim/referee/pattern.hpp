// Shapes of stanzas as text, and whether a stanza has one: tag, the exact set of attributes, the exact children.
//
//     iq to=$server type=get id=* xmlns=encrypt { count }
//
//     tag[?+*]  key=value  key?=value (may be absent)  :32 or :1-100 or :* (bytes of content)  { children }
//     value     a|b alternatives · * any text · # a number · #1-4 a number in a range · $server · $groups (the bare group server)
//               $group a group · $user an own user without device · $mine the same with any device · $own the own device
//
// Invariants  what a pattern does not name is refused; children come in any order.
// Threads     immutable once read.
// Errors      a pattern that does not read is a defect of the test.
#pragma once

#include "tests/sim/base/tree.hpp"

namespace vestari::sim {

struct Pattern {
    enum class Count : std::uint8_t { one, optional, some, any };
    struct Rule {
        std::string key, value;
        bool optional = false;
    };
    std::string tag;
    Count count = Count::one;
    std::vector<Rule> attributes;
    std::size_t least = 0, most = 0; // bytes of content
    std::vector<Pattern> children;
};

// Who the client is, as far as it is known; before it is linked nobody is own.
struct Own {
    std::optional<Jid> pn, lid; // with the device
    bool is_mine(const Jid& jid) const;
    bool is_user(const Jid& jid) const { return jid.device() == 0 && is_mine(jid); }
    bool is_device(const Jid& jid) const;
};

Pattern read_pattern(std::string_view text);
bool matches(const Pattern& pattern, const Stanza& stanza, const Own& own);

} // namespace vestari::sim
