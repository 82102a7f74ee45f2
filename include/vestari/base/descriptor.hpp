// A file descriptor with one owner, closed when its owner goes.
//
// Threads     one owner.
// Errors      none: a failed open or socket call is passed in as it is, and get() is then negative.
#pragma once

#include <utility>

#include <unistd.h>

namespace vestari {

class Descriptor {
public:
    explicit Descriptor(int value = -1) noexcept : value_{value} {}
    Descriptor(Descriptor&& other) noexcept : value_{std::exchange(other.value_, -1)} {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        close();
        value_ = std::exchange(other.value_, -1);
        return *this;
    }
    ~Descriptor() { close(); }

    int get() const noexcept { return value_; }
    explicit operator bool() const noexcept { return value_ >= 0; }
    void close() noexcept {
        if (const int value = std::exchange(value_, -1); value >= 0) {
            ::close(value);
        }
    }

private:
    int value_;
};

} // namespace vestari
