// The trouble that a service makes: armed by a test or a control request, or drawn from the seed, and counted when it fires.
//
// Invariants  a kind fires only while it is armed or its chance is above 0; calm() ends both.
// Threads     one owner.
// Source      ASSURANCE T2.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "tests/synth/sender/random.hpp"

namespace vestari::sim {

enum class Fault : std::uint8_t {
    delay,            // what is sent next waits up to 5 s
    duplicate,        // a queued stanza is delivered twice
    reorder,          // a queued stanza overtakes the one of another sender before it
    half_close,       // the service ends its side and reads no more
    one_byte,         // everything of this connection goes out byte by byte
    malformed,        // a frame that decrypts to no stanza
    bad_frame,        // a frame that does not decrypt
    zlib_bomb,        // a compressed stanza that inflates beyond every limit
    flood,            // hundreds of stanzas of chats that nobody asked for
    server_error,     // stream error 503
    restart,          // stream error 515
    stall,            // the connection stays open and silent
    clock_jump,       // the service's clock moves by up to a day, either way
    redelivery,       // what was cleared already comes again at the next login
    pre_keys_gone,    // the one-time keys are used up
    refuse,           // the next connection is not accepted
    login_unavailable // failure 503 at the next login
};
inline constexpr std::size_t fault_kinds = 17;
std::string_view name_of(Fault fault);
std::optional<Fault> fault_named(std::string_view name);

class Faults {
public:
    explicit Faults(std::uint64_t seed) : random_{seed} {}

    void arm(Fault fault, std::uint32_t times) { armed_[index(fault)] += times; }
    void set_chance(Fault fault, std::uint32_t per_mille) { chance_[index(fault)] = per_mille; }
    void calm();

    // Whether it shall happen now; if so it is counted.
    bool fires(Fault fault);
    bool any_armed() const;
    std::uint64_t fired(Fault fault) const { return fired_[index(fault)]; }
    synth::Random& random() { return random_; }

private:
    static std::size_t index(Fault fault) { return static_cast<std::size_t>(fault); }

    synth::Random random_;
    std::array<std::uint32_t, fault_kinds> armed_{};
    std::array<std::uint32_t, fault_kinds> chance_{}; // per mille
    std::array<std::uint64_t, fault_kinds> fired_{};
};

struct StreamError {
    std::string code;     // may be empty
    std::string conflict; // "replaced", "device_removed", or empty
};

struct LoginFailure {
    std::string reason = "401";
    std::string code;   // of a ban
    std::string expire; // seconds
    std::uint32_t times = 1;
};

} // namespace vestari::sim
