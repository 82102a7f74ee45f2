// Where a stanza goes, decided on its root's attributes alone: before decryption, before anything below the root is decoded (P2).
//
// Invariants  whatever is not plainly a message of an included group, or control traffic of the own phone, is dropped; in doubt,
//             drop. The decision allocates nothing.
// Threads     free functions; Own and IncludeList are constant.
// Errors      none: a reason.
// Source      wire/20-messages.md sections 2.1, 2.4, 5.5; SETTLED section 4. Vectors: `route` in g-stanzas.json, h-endtoend.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "bridge/route/include_list.hpp"
#include "bridge/route/stanza_header.hpp"
#include "vestari/base/jid.hpp"

namespace vestari::route {

// Who we are linked as.
struct Own {
    Jid pn;
    std::optional<Jid> lid;

    bool is(const wire::JidView& other) const noexcept {
        return other.same_user(pn) || (lid && other.same_user(*lid));
    }
    bool is(const Jid& other) const noexcept {
        return pn.same_user(other) || (lid && lid->same_user(other));
    }
};

enum class Route : std::uint8_t {
    decrypt,     // a message of an included group
    own_peer,    // control traffic of the own phone
    drop,        // a message that is nobody's business here
    unavailable, // of an included group, without a ciphertext for us; known only after decoding
    not_message, // another kind of stanza
};

enum class DropReason : std::uint8_t {
    none,
    not_included, // a group that is not on the list
    direct,       // somebody writes to the dealer
    own_chat,     // an own device writes to somebody, or to itself
    broadcast,    // a broadcast list, or somebody's status
    newsletter,
    bot,         // an assistant, alone or inside an included group
    foreign,     // Messenger, interoperability, calls
    peer_forged, // claims to be control traffic and does not come from the own phone
    malformed,   // lacks what every message has, or an attribute that decides cannot be read
    unknown,     // a sender of a kind that nobody documented
};
inline constexpr std::size_t drop_reason_count = 11;

struct Decision {
    Route route;
    DropReason reason = DropReason::none; // none exactly if the route is not drop
    bool operator==(const Decision&) const = default;
};

[[nodiscard]] Decision decide(const StanzaHeader& header, const IncludeList& included,
                              const Own& me) noexcept;

// What a decoded stanza of route decrypt turns out to be: unavailable if it says so and has no ciphertext.
[[nodiscard]] Route route_of_decoded(const wire::Node& root) noexcept;

// The words of JSON output and vectors.
std::string_view word(Route route) noexcept;
std::string_view word(DropReason reason) noexcept;

} // namespace vestari::route
