// What every failure, stream error and way of losing a connection means: the state, the words, the next step, whether to try again.
//
// Invariants  a table without gaps: what nobody documented has the row "other". Words are literals; nothing of what the server wrote is
//             shown.
// Threads     free functions and constants.
// Source      wire/10-connection.md sections 8.3, 8.4 and 13; SETTLED sections 7 and 8.
#pragma once

#include <cstdint>
#include <optional>

#include "bridge/link/link_event.hpp"
#include "bridge/live/outside.hpp"
#include "bridge/live/policy/back_off.hpp"
#include "bridge/live/state.hpp"
#include "bridge/wire/node.hpp"

namespace vestari::live {

enum class Retry : std::uint8_t {
    at_once, // 515; a second one within a minute waits
    back_off,
    back_off_more, // rate limited: five steps further
    a_few_times,   // three times with back-off, then stop
    once,          // xml-not-well-formed: a second time means a defect of ours
    new_version,   // refresh the version, one attempt more, then stop
    until_expiry,
    never,          // until the operator acts or the bridge restarts
    never_unlinked, // the same, remembered over restarts: the credentials are dead
};

struct Failure {
    State state; // while waiting for the next attempt, or for good
    Reason why;
    Retry retry;
    std::optional<std::chrono::seconds> expires{}; // of a ban
    BackOff::Cause cause = BackOff::Cause::network;
};

inline constexpr std::chrono::hours longest_ban{24 * 365};

Failure of_failure(const wire::Node& failure);           // <failure reason="…">
Failure of_stream_error(const wire::Node& stream_error); // <stream:error>
Failure of_close(const CloseInfo& close) noexcept;

// By the code of its reason, for a stop that is remembered; only what <failure> and <stream:error> can say.
std::optional<Failure> failure_named(std::string_view code);
// What somebody who links is told of it.
link::Failure link_failure(State state) noexcept;

// Others that the state machine itself notices.
namespace failure {
extern const Failure stream_end;
extern const Failure silence;      // keep-alives are not answered
extern const Failure handshake;    // a certificate or a tag is wrong
extern const Failure interception; // three of these in a row
extern const Failure wrong_clock;  // a certificate that is only out of its time
extern const Failure integrity;    // a frame that does not decrypt, a stanza that does not decode
extern const Failure repeated_integrity;
extern const Failure downgraded; // ib downgrade_webclient
extern const Failure still_outdated;
extern const Failure guard; // a stanza of ours that the guard refused
extern const Failure malformed_twice;
extern const Failure unknown_for_good;
extern const Failure storage; // the disk is full or broken
extern const Failure damaged; // stored keys do not open or do not belong together
extern const Failure no_lease;
extern const Failure stalled; // nothing arrives although keep-alives pass
} // namespace failure

} // namespace vestari::live
