// What a retry receipt needs of the message that failed, and the form in which it waits, sealed, for its turn.
//
// Threads     values.
// Errors      an encoded form that does not read back is empty: it was written by another version.
// Source      wire/20-messages.md section 5.2.
#pragma once

#include <optional>

#include "bridge/outbound/stanzas.hpp"
#include "vestari/event/envelope.hpp"

namespace vestari::receive {

struct Missing {
    outbound::out::Addressed stanza;
    outbound::out::RetryCategory category = outbound::out::RetryCategory::none;
    std::uint64_t sent_at = 0; // the stanza's `t`, seconds
    std::optional<outbound::out::RetryCode> code{};
    std::optional<event::Envelope> gap{}; // told if it never comes; none: nobody would miss it
};

Bytes encode(const Missing& missing);
std::optional<Missing> decode_missing(BytesView encoded);

} // namespace vestari::receive
