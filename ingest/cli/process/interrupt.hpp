// Ctrl-C and SIGTERM as something a command notices between two lines of a stream, instead of dying in the middle of one.
//
// Invariants  a wait that the signal interrupts ends with EINTR; one that begins just after it is interrupted a second later, and
//             every second from then on. The handlers before it are back when it goes.
// Threads     one at a time, from the main thread. came() from any.
#pragma once

#include <array>
#include <csignal>

namespace vestari::cli {

class Interrupt {
public:
    Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;
    ~Interrupt();

    static bool came() noexcept;

private:
    std::array<struct sigaction, 3> before_{};
};

} // namespace vestari::cli
