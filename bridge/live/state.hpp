// The states of an account, their words, and what each means to a command that waits for it.
//
// Invariants  the list is closed; a word is the JSON `state` and never changes. Reasons and advice are literals of our own code, so
//             nothing that a stranger wrote can reach a status or a log through them.
// Threads     values.
// Source      SETTLED section 7.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "vestari/base/clock.hpp"
#include "vestari/base/exit_code.hpp"

namespace vestari::live {

enum class State : std::uint8_t {
    unlinked,         // no credentials: `vestari link`
    linking,          // a QR or a code is shown
    connecting,       // a socket is wanted, opening, or not logged in yet
    connected,        // logged in, reading
    degraded,         // logged in, but something is wrong with what arrives
    offline,          // not connected; comes back by itself unless the reason says otherwise
    outdated,         // the client version is too old: update, do not link again
    logged_out,       // the phone removed this device
    banned,           // WhatsApp locked the account, for a time or for good
    replaced,         // another process uses the same credentials
    passkey_wanted,   // linking needs a passkey
    refused,          // WhatsApp refuses this client for another reason
    waiting_for_keys, // ingest has not handed over the keys: the daemon's state, the word is ours
};

std::string_view to_string(State state) noexcept;
std::optional<State> state_from(std::string_view word) noexcept;

// What `vestari link` ends with when the account comes to rest in this state.
ExitCode exit_code(State state) noexcept;

// Why, and what to do about it; both literals.
struct Reason {
    std::string_view code; // a word: "network", "failure_405"
    std::string_view text; // what is the matter
    std::string_view next; // what the operator can do; empty when nothing is needed
    bool operator==(const Reason&) const = default;
};

struct StateChange {
    State state = State::unlinked;
    Reason why;
    TimePoint since;
    std::optional<TimePoint> until; // a ban that ends, the next attempt
};

// Stands until its cause is gone.
struct Warning {
    std::string_view code; // one warning a code
    std::string_view text;
    std::string_view cause;
    std::string_view next;
    TimePoint since;
};

} // namespace vestari::live
