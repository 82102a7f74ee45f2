// What is due later, in order of time and then of asking.
//
// Threads     one owner. What runs may put in more.
#pragma once

#include "vestari/base/clock.hpp"

namespace vestari::sim {

class Agenda {
public:
    void at(Instant when, std::function<void()> what) {
        entries_.emplace(std::pair{when, ++count_}, std::move(what));
    }
    Instant next() const {
        return entries_.empty() ? Instant::max() : entries_.begin()->first.first;
    }
    // Runs the first that is due; false: nothing is.
    bool run_one(Instant now) {
        if (next() > now) {
            return false;
        }
        const auto what = std::move(entries_.begin()->second);
        entries_.erase(entries_.begin());
        what();
        return true;
    }

private:
    std::map<std::pair<Instant, std::uint64_t>, std::function<void()>> entries_;
    std::uint64_t count_ = 0;
};

} // namespace vestari::sim
