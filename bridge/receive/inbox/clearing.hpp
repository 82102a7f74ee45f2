// What clears a message at the server: pure rules, no state.
//
// Invariants  what is cleared for the first time leaves as section 11.3 says; what came back on later connections is cleared in more
//             ways, never fewer. Channels and status posts get no receipt, ever. There is no receipt without a type.
// Threads     free functions.
// Errors      none: a stanza that cannot be addressed is not cleared (empty optional).
// Source      wire/10-connection.md sections 11.2 to 11.6; wire/20-messages.md section 2.4; wire/README.md decisions 1 and 2.
#pragma once

#include <optional>
#include <vector>

#include "bridge/outbound/stanzas.hpp"
#include "bridge/route/route.hpp"
#include "vestari/config/config.hpp"

namespace vestari::receive {

struct Case {
    enum class What : std::uint8_t {
        excluded,   // dropped on its root
        read,       // stored here, now or before
        unreadable, // asked for again, or not to be had: an ack
        unparsable,
        peer, // control traffic of the own phone
        peer_history,
    };
    enum class By : std::uint8_t { others, own_device, channel };
    What what = What::excluded;
    By by = By::others;
    std::uint32_t deliveries = 1; // connections that it came on
    config::Receipts receipts = config::Receipts::inactive;
};

// Its id and addresses, as they came; none if it lacks what an answer needs.
std::optional<outbound::out::Addressed> addressed(const route::StanzaHeader& header);

std::vector<outbound::Outbound> clearing(const outbound::out::Addressed& stanza,
                                         const Case& happened);

// Whose it is, of a dropped message.
Case::By sender_of_dropped(const route::StanzaHeader& header, route::DropReason reason,
                           const route::Own& me) noexcept;

} // namespace vestari::receive
