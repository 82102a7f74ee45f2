// What somebody who links is told, one after the other; the last is Linked or Failed.
//
// Threads     values.
// Source      SETTLED section 7 (`link --json`).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "bridge/link/secret_text.hpp"
#include "vestari/base/clock.hpp"
#include "vestari/base/jid.hpp"

namespace vestari::link {

enum class Failure : std::uint8_t {
    timed_out,
    cancelled,
    too_many_attempts,
    outdated,
    refused,
    banned,
    logged_out,
    replaced,
    passkey_wanted,
};
// The account's state that the failure leaves, and what to do next in one sentence. Literals.
std::string_view state_of(Failure failure) noexcept;
std::string_view next_of(Failure failure) noexcept;

struct QrShown {
    SecretText text;
    TimePoint expires;
};
struct CodeShown {
    SecretText text; // XXXX-XXXX
    TimePoint expires;
};
struct LinkedAs {
    Jid me;
    std::string name; // of the business, or empty; foreign text
};
struct LinkFailed {
    Failure why;
};
using LinkEvent = std::variant<QrShown, CodeShown, LinkedAs, LinkFailed>;

} // namespace vestari::link
