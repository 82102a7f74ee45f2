// What happened lately, one JSON object a line, for `vestari events`: kept for a day, in memory only.
//
// Invariants  at most `most_kept` events, none older than `kept_for`; the oldest leave first. Numbers grow by one and are never
//             used twice, so that a reader who goes on behind a number misses nothing that is still kept. No text, name or price
//             of a message stands in an event. A restart begins anew: nothing of it ever reaches a disk.
// Threads     one owner; a waker is called from it, inside add().
// Source      DESIGN 3.1 (`vestari events`).
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>

#include "vestari/base/clock.hpp"

namespace vestari::ingest::daemon {

class Events {
public:
    static constexpr std::size_t most_kept = 20'000;
    static constexpr std::chrono::hours kept_for{24};

    struct Event {
        std::uint64_t number = 0; // from 1
        TimePoint at{};
        std::string account;
        std::string line; // without a line feed
    };

    void add(TimePoint at, const std::string& account, std::string line);
    void drop_old(TimePoint now);

    // The first event behind `number`, of this account (empty: of any). Null: nothing more yet. Valid until the next call that
    // is not const.
    const Event* after(std::uint64_t number, const std::string& account) const;
    std::size_t size() const noexcept { return kept_.size(); }

    // Called after each add(), until it is taken away.
    using Waker = std::function<void()>;
    std::uint64_t watch(Waker waker);
    void unwatch(std::uint64_t watcher) { wakers_.erase(watcher); }

private:
    std::deque<Event> kept_;
    std::uint64_t last_ = 0;
    std::map<std::uint64_t, Waker> wakers_;
    std::uint64_t last_watcher_ = 0;
};

} // namespace vestari::ingest::daemon
