// Whose message it is, of a stanza that was not dropped: chat, sender, and the sender's name in the other namespace.
//
// Invariants  `other` is of the other family (phone number or LID) and has the sender's device.
// Threads     a value.
// Errors      JidErrc if a JID cannot be acted on.
// Source      wire/20-messages.md sections 2.4 and 2.5.
#pragma once

#include <optional>

#include "bridge/route/route.hpp"
#include "bridge/route/stanza_header.hpp"
#include "vestari/base/jid.hpp"

namespace vestari::route {

struct Origin {
    Jid chat;   // without device
    Jid sender; // with device
    std::optional<Jid>
        other; // the same device in the other namespace, where the stanza or our own identity tells it
    bool from_me;

    // What the stanza says about the LID; null where it says nothing. A stored mapping may know more.
    const Jid* lid() const noexcept { return of(Jid::Family::lid); }
    const Jid* pn() const noexcept { return of(Jid::Family::phone); }

private:
    const Jid* of(Jid::Family family) const noexcept {
        if (sender.family() == family) {
            return &sender;
        }
        return other && other->family() == family ? &*other : nullptr;
    }
};

// For routes decrypt, unavailable and own_peer.
[[nodiscard]] Result<Origin> origin_of(const StanzaHeader& header, const Own& me);

} // namespace vestari::route
