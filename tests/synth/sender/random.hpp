// Randomness that a seed fixes, so that a synthetic day can be made again byte for byte. Never for keys that guard anything.
//
// Invariants  the sequence depends on the seed alone: the engine is the standard's, and its distributions, which are not
//             specified to the bit, are not used.
// Threads     one owner.
#pragma once

#include <random>

#include "vestari/base/bytes.hpp"
#include "vestari/base/check.hpp"

namespace vestari::synth {

class Random {
public:
    explicit Random(std::uint64_t seed) : engine_{seed} {}

    std::uint64_t next() { return engine_(); }

    // 0 to bound - 1. The bias of the remainder is below 2^-40 for every bound used here.
    std::size_t below(std::size_t bound) {
        VESTARI_CHECK(bound > 0);
        return static_cast<std::size_t>(next() % bound);
    }

    std::int64_t between(std::int64_t low, std::int64_t high) {
        VESTARI_CHECK(low <= high);
        return low + static_cast<std::int64_t>(below(static_cast<std::size_t>(high - low) + 1));
    }

    template <class List> const auto& pick(const List& from) {
        return from[below(std::size(from))];
    }

    void fill(std::span<std::byte> out) {
        for (std::byte& b : out) {
            b = static_cast<std::byte>(next() & 0xffU);
        }
    }

    Bytes bytes(std::size_t count) {
        Bytes out(count);
        fill(out);
        return out;
    }

    std::string text(std::size_t length, std::string_view alphabet) {
        std::string out;
        for (std::size_t i = 0; i < length; ++i) {
            out.push_back(alphabet[below(alphabet.size())]);
        }
        return out;
    }

    template <class List> void shuffle(List& list) {
        for (std::size_t i = std::size(list); i > 1; --i) {
            std::swap(list[i - 1], list[below(i)]);
        }
    }

private:
    std::mt19937_64 engine_;
};

} // namespace vestari::synth
