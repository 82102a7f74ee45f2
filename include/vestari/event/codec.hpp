// The pipe's encoding: each frame is a 4-byte big-endian length and one `vestari.event.v1.Frame` in protobuf.
//
// Invariants  decode(encode(f)) == f for every frame whose texts are valid UTF-8. A frame that breaks a bound of envelope.hpp
//             is refused whole.
// Errors      EventErrc: truncated, too_long, malformed, unknown_frame, bad_value.
// Threads     encode and decode are free functions; a FrameReader has one owner.
#pragma once

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"
#include "vestari/event/envelope.hpp"

namespace vestari::event {

enum class EventErrc { truncated = 1, too_long, malformed, unknown_frame, bad_value };
std::string_view describe(EventErrc error) noexcept;
inline ErrorCode make_error_code(EventErrc e) noexcept {
    return make_code(e, category_of<EventErrc>("event"));
}

Bytes encode(const Frame& frame); // with its length in front
[[nodiscard]] Result<Frame> decode(BytesView body); // without the length

// Splits what arrives on the pipe into frames. At most `max_frame_bytes` + 4 bytes are buffered.
class FrameReader {
public:
    void feed(BytesView bytes);
    // The next whole frame; an empty optional when more bytes are needed.
    [[nodiscard]] Result<std::optional<Frame>> next();
    bool empty() const noexcept { return buffer_.size() == start_; } // nothing half-read

private:
    Bytes buffer_;
    std::size_t start_ = 0;
};

} // namespace vestari::event

template <> struct boost::system::is_error_code_enum<vestari::event::EventErrc> : std::true_type {};
