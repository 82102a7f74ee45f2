// Jitter and request ids for a live account; keys never come from here.
//
// Threads     one owner.
// Errors      the constructor throws if the machine has no randomness.
// Source      xorshift64*, Marsaglia 2003 and Vigna 2016; seeded from OpenSSL.
#pragma once

#include <array>

#include "bridge/live/outside.hpp"
#include "vestari/base/bytes.hpp"
#include "vestari/crypto/random.hpp"

namespace vestari::daemon {

class SeededRandom final : public live::Random {
public:
    SeededRandom() {
        std::array<std::byte, 8> seed{};
        crypto::fill_random(seed);
        state_ = read_be<8>(seed) | 1U; // never zero
    }
    std::uint64_t next() override {
        state_ ^= state_ >> 12U;
        state_ ^= state_ << 25U;
        state_ ^= state_ >> 27U;
        return state_ * 0x2545F4914F6CDD1DULL;
    }

private:
    std::uint64_t state_ = 0;
};

} // namespace vestari::daemon
