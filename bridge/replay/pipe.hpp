// The bridge's end of the pipe to ingest: frames out, acknowledgements in, with a bound on what is under way.
//
// Invariants  frames leave in the order they are given; while one is being written, acknowledgements are read, so neither side
//             can wait for the other for ever. At most `max_unacknowledged` envelopes are under way.
// Errors      PipeErrc: closed (the other side is gone), not_a_frame (it sent something else), keys_missing.
// Threads     one owner.
// Source      DESIGN 3.4, SETTLED section 1 (Keys come first).
#pragma once

#include <cstdint>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"
#include "vestari/event/codec.hpp"

namespace vestari::replay {

enum class PipeErrc { closed = 1, not_a_frame, keys_missing };
std::string_view describe(PipeErrc error) noexcept;
inline ErrorCode make_error_code(PipeErrc e) noexcept {
    return make_code(e, category_of<PipeErrc>("pipe"));
}

inline constexpr std::uint64_t max_unacknowledged = 4096;

class Pipe {
public:
    // Borrows both descriptors; acknowledgements can be absent (`in` < 0): then everything written counts as acknowledged.
    Pipe(int in, int out) noexcept : in_{in}, out_{out} {}

    // Waits for the Keys frame that ingest sends first.
    [[nodiscard]] Result<event::Keys> receive_keys();
    // Writes one frame whole that is no Envelope.
    [[nodiscard]] Result<void> send(const event::Frame& frame);
    // Writes an Envelope as the spool holds it, encoded; waits while too many are under way.
    [[nodiscard]] Result<void> send_spooled(std::uint64_t sequence, BytesView encoded);
    // Waits until everything sent is acknowledged.
    [[nodiscard]] Result<void> drain();

    std::uint64_t acknowledged() const noexcept {
        return in_ < 0 ? sent_ : acknowledged_;
    } // sequence

private:
    enum class Wait { now, until_readable };
    Result<void> read_acks(Wait wait);
    Result<void> write_all(BytesView bytes);

    int in_;
    int out_;
    event::FrameReader reader_;
    std::uint64_t sent_ = 0; // sequence of the last envelope written
    std::uint64_t acknowledged_ = 0;
};

} // namespace vestari::replay

template <> struct boost::system::is_error_code_enum<vestari::replay::PipeErrc> : std::true_type {};
