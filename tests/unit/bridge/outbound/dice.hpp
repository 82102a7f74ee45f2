// Random numbers for property tests: splitmix64, the same in every run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace vestari::test {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_{seed} {}
    std::uint64_t next() noexcept { // splitmix64
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    std::size_t below(std::size_t count) noexcept {
        return static_cast<std::size_t>(next() % count);
    }
    bool one_in(std::size_t count) noexcept { return below(count) == 0; }
    template <class Range> const auto& of(const Range& range) noexcept {
        return range[below(std::size(range))];
    }

private:
    std::uint64_t state_;
};

} // namespace vestari::test
