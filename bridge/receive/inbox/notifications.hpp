// Reads the notifications that mean something to this device; the others are acknowledged unread.
//
// Invariants  what is about people is given out only for those whose messages are read here. Nothing is stored by this room.
// Threads     free functions.
// Errors      none: what cannot be understood says nothing.
// Source      wire/10-connection.md sections 7.9, 7.10 and 10.4; wire/20-messages.md section 2.5 (mapping sources).
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "bridge/receive/inbox/notice.hpp"
#include "bridge/route/route.hpp"
#include "bridge/wire/node.hpp"

namespace vestari::receive {

struct News {
    std::vector<Notice> notices;
    std::optional<Jid> reset;                  // this user's identity changed
    std::vector<std::pair<Jid, Jid>> mappings; // LID, phone number; bare
    bool identity = false;                     // acknowledged without its type: section 11.2
};

// On the root alone: is there anything to read below it?
bool worth_reading(const route::StanzaHeader& header) noexcept;

// `me`: none while this device is not linked.
News read_notification(const wire::Node& stanza, const route::StanzaHeader& header,
                       const std::optional<route::Own>& me);

} // namespace vestari::receive
