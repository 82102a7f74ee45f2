// The server's queue of what this device missed: when to ask for more of it, and when it is drained.
//
// Invariants  a batch is asked for once after the preview and once per 100 stanzas of the queue, until the server says that it is empty.
// Threads     one owner.
// Source      wire/10-connection.md section 10.3.
#pragma once

#include <cstdint>

namespace vestari::live {

class OfflineQueue {
public:
    static constexpr std::uint32_t batch = 100;
    enum class Then : std::uint8_t { nothing, ask }; // ask: send <offline_batch>

    Then preview() noexcept; // <ib><offline_preview>
    Then stanza() noexcept;  // one with the attribute `offline`
    void finished() noexcept { phase_ = Phase::done; }

    bool draining() const noexcept { return phase_ == Phase::draining; }
    bool done() const noexcept { return phase_ == Phase::done; }

private:
    enum class Phase : std::uint8_t { before, draining, done };
    Phase phase_ = Phase::before;
    enum class Asked : std::uint8_t { no, yes } asked_ = Asked::no;
    std::uint32_t since_asked_ = 0;
};

} // namespace vestari::live
