// Who sent a stanza: the Signal address to decrypt with, and the one name under which this person counts.
//
// Rule        LID first: the sender's own LID, else the one the stanza names beside it, else the one known from before, else the phone
//             number. The alternative takes over the sender's device.
// Threads     the database's owner.
// Errors      none of its own; StoreErrc, thrown.
// Source      wire/20-messages.md sections 2.4 and 2.5.
#pragma once

#include <optional>

#include "bridge/signal/decryptor.hpp"
#include "bridge/store/lid_map.hpp"

namespace vestari::signal {

struct Sender {
    Address address;
    Jid canonical;            // bare; the LID where known. Author of dedupe keys.
    std::optional<Jid> phone; // bare, where known
    std::optional<Jid> lid;   // bare, where known
    bool learnt = false;      // that the two are one was news
};

// `participant`: `from` or `participant` of the stanza; `alternative`: its participant_pn or participant_lid. A mapping that it
// teaches is stored and the records follow, before anything is decrypted. None: `participant` is not a user.
std::optional<Sender> resolve(store::SessionDatabase& database, Decryptor& decryptor,
                              const Jid& participant, const std::optional<Jid>& alternative,
                              TimePoint at);

} // namespace vestari::signal
