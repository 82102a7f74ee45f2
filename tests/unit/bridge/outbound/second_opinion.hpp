// A second table of what may leave, written from wire/10-connection.md section 14 in a language of its own and read by other code
// than the guard's: the two have to agree on every stanza.
//
//     tag key=VALUES key?=VALUES CONTENT        key? may be absent; VALUES is words joined by | or one capital letter
//     CONTENT   nothing, #32 or #1-100 (bytes), $30|31 (these bytes, in hexadecimal), { child ; 1-5* child }
//     letters   Q id of a request, T text, N number, S the server, Z g.us itself, G group, H group or Z, C no channel and no status posts, J any JID,
//               P phone number, U own user, O own user on any device, D own device
#pragma once

#include "bridge/outbound/guard.hpp"
#include "bridge/wire/node.hpp"

namespace vestari::test {

[[nodiscard]] bool second_opinion(const wire::Node& stanza, const outbound::Own& own);

} // namespace vestari::test
