// What came of each stanza, counted in the words of a fixture's expected.json, and why something was dropped or refused.
//
// Threads     values; the receiver's owner.
// Source      SETTLED section 6, fixtures/*/expected.json (`definitions`).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "vestari/event/envelope.hpp"

namespace vestari::receive {

enum class Outcome : std::uint8_t { dropped, decrypted, failed, duplicate, other };

// Decrypted, understood, and without effect because the sender had no right to it.
enum class Refusal : std::uint8_t {
    edit_by_another,     // the original is known and somebody else wrote it
    revoke_by_another,   // neither its author nor a known admin
    control_from_others, // own-device control traffic that did not come from the own phone
    device_sent_by_another,
};
std::string_view to_string(Refusal refusal) noexcept;

class Tally {
public:
    void count(Outcome outcome) noexcept;
    void refuse(Refusal refusal) { ++refused_[refusal]; }
    void dropped_for(std::string_view reason) { ++dropped_by_reason_[std::string{reason}]; }

    const event::Counts& counts() const noexcept { return counts_; }
    std::uint64_t refused() const noexcept;
    event::Summary summary() const;

private:
    event::Counts counts_;
    std::map<Refusal, std::uint64_t> refused_;
    std::map<std::string, std::uint64_t> dropped_by_reason_;
};

} // namespace vestari::receive
