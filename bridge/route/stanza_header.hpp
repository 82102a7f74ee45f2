// What a stanza's root says about it: the attributes that decide where it goes, and nothing below them.
//
// Invariants  views into the root that it was made from, valid as long as that. An attribute with an empty value counts as absent;
//             one that decides the route and cannot be read makes the header `broken`, never "absent".
// Threads     a value.
// Errors      none: what is missing or broken is seen by decide().
// Source      wire/20-messages.md section 2.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "bridge/wire/node.hpp"

namespace vestari::route {

struct StanzaHeader {
    std::string_view tag;

    std::optional<wire::JidView> from;        // the chat of group traffic, else the sending device
    std::optional<wire::JidView> participant; // the sending device in a group or broadcast
    std::optional<wire::JidView> recipient;   // the chat that an own device wrote to
    bool broken = false; // one of these three, or the id, is present and unreadable

    // The same people in the other namespace; hints, so one that cannot be read counts as absent.
    std::optional<wire::JidView> participant_pn, participant_lid;
    std::optional<wire::JidView> sender_pn, sender_lid;

    std::string_view id;              // opaque: see usable_id()
    std::string_view type;            // advisory, but for peer_msg
    std::string_view category;        // "peer": own control traffic
    std::string_view addressing_mode; // "pn" or "lid"
    std::string_view edit;
    std::string_view notify;        // the push name that the sender chose
    std::string_view offline;       // present on stanzas from the server's queue
    std::optional<std::uint64_t> t; // server time, seconds since the epoch
    bool is_peer() const noexcept { return category == "peer" || type == "peer_msg"; }
};

// 1 to 128 bytes of printable UTF-8. Any other id could be no message's target, and the archive's stream could not carry it.
[[nodiscard]] bool usable_id(std::string_view id) noexcept;

// From the root of a decoded stanza, or of one whose root alone was read.
[[nodiscard]] StanzaHeader header_of(const wire::Node& root) noexcept;

} // namespace vestari::route
