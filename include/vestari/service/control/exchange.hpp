// What a connection and its answer share: bytes to be sent and who still cares. For include/vestari/service/control only.
//
// Threads     locked inside; `wake` tells the server's thread that there is something to do.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "vestari/base/descriptor.hpp"

namespace vestari::service {

inline constexpr std::size_t max_unfetched_bytes = 1U << 20U; // of a stream

// Wakes a poll; outlives both sides.
class Waker {
public:
    Waker();
    int descriptor() const noexcept { return event_.get(); }
    void wake() const noexcept;
    void clear() const noexcept;

private:
    Descriptor event_;
};

class Exchange {
public:
    explicit Exchange(std::shared_ptr<Waker> waker) noexcept : waker_{std::move(waker)} {}

    // The answer's side.
    void whole(unsigned status, std::string_view content_type, std::string_view body);
    bool line(std::string_view json);
    void start();
    void end();
    void abandon(); // nobody will answer any more
    bool gone() const;
    void on_gone(std::function<void()> what);

    // The connection's side.
    std::string take_output();
    bool answered() const; // something was said
    bool complete() const; // everything was said
    bool streams() const;
    void client_left();

private:
    enum class Said : std::uint8_t { nothing, lines, everything };
    void finish(std::unique_lock<std::mutex>& lock);

    mutable std::mutex mutex_;
    std::shared_ptr<Waker> waker_;
    std::string output_;
    Said said_ = Said::nothing;
    enum class Client : std::uint8_t { there, gone } client_ = Client::there;
    bool streamed_ = false;
    std::function<void()> on_gone_;
};

} // namespace vestari::service
