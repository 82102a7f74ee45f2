// Remembers which stanzas broke the protocol: the server redelivers what was not cleared, so one bad stanza could break every connection.
//
// Threads     one owner.
// Source      wire/10-connection.md section 5.9.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "vestari/base/clock.hpp"

namespace vestari::live {

class Poison {
public:
    static constexpr std::chrono::minutes window{10};
    enum class Verdict : std::uint8_t { first, again }; // again: the same one within the window

    // `stanza`: its id; empty when it has none that can be read.
    Verdict met(std::string_view stanza, Instant now) {
        const bool again = !stanza.empty() && stanza == last_ && now - at_ <= window;
        last_ = stanza;
        at_ = now;
        return again ? Verdict::again : Verdict::first;
    }

private:
    std::string last_;
    Instant at_;
};

} // namespace vestari::live
