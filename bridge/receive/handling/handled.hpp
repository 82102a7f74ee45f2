// What became of one stanza, in the detail that clearing it needs; Outcome is the short form.
//
// Threads     values.
// Source      wire/10-connection.md section 11.3, wire/20-messages.md section 5.1.
#pragma once

#include <optional>
#include <vector>

#include "bridge/content/group_change.hpp"
#include "bridge/content/own_control.hpp"
#include "bridge/receive/publisher.hpp"
#include "bridge/route/route.hpp"

namespace vestari::receive {

struct Handled {
    enum class What : std::uint8_t {
        unparsable,   // below the root, of an included group or the own phone
        dropped,      // `reason`
        read,         // decrypted now or before; what no reader understood stands in quarantine
        failed,       // a resend may help
        lost,         // its key was used up: a resend would be refused as well
        unavailable,  // the server has no ciphertext for this device
        unsupported,  // nothing in it that this program decrypts
        nobody,       // of an included group, with a sender that cannot be acted on
        own_control,  // read, now or before
        notification, // or any other stanza that is no message
    };
    What what = What::notification;
    Outcome outcome = Outcome::other;
    route::DropReason reason = route::DropReason::none;
    std::optional<Origin> origin; // of a message or own control traffic, where it can be told
    ErrorCode error{};            // of failed
    bool foreign_version = false; // of an encryption that this program does not know
    std::uint64_t resend = 0;     // it answers that retry receipt
    bool hidden = false;          // not to be told as a gap: section 2.3, decrypt-fail
    std::vector<Origin>
        read; // messages that are here now: this one, or others that waited for its key
    std::size_t learnt = 0; // LID mappings
    bool history = false;   // own control: it offered a history blob, now or before
    std::optional<content::HistoryNotification> offered;
    std::optional<content::GroupChange> change; // of an included group, first delivery
};

} // namespace vestari::receive
