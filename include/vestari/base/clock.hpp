// Wall-clock time, injected: the only place in the project that may ask the machine what time it is.
//
// Use it for stamps; timers take an Instant. Tests pass a ManualClock and never sleep.
// Threads     SystemClock: any. ManualClock: the owner's.
#pragma once

#include <chrono>

namespace vestari {

using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>; // since the epoch, UTC

// For timers: never goes back, says nothing about the date. Protocol code takes it as a value; only its driver asks for it.
using Instant = std::chrono::time_point<std::chrono::steady_clock, std::chrono::milliseconds>;

inline Instant monotonic_now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now());
}

class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;
};

class SystemClock final : public Clock {
public:
    TimePoint now() const override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
};

class ManualClock final : public Clock {
public:
    explicit ManualClock(TimePoint start) : now_{start} {}
    TimePoint now() const override { return now_; }
    void set(TimePoint now) { now_ = now; }
    void advance(std::chrono::milliseconds by) { now_ += by; }

private:
    TimePoint now_;
};

} // namespace vestari
