// The pipe's encoding: each frame is a 4-byte big-endian length and one `vestari.event.v1.Frame` in protobuf.
//
// Invariants  decode(encode(f)) == f for every frame that keeps the bounds of envelope.hpp and whose texts are valid UTF-8; Keys with
//             more groups than fit are followed by a Group frame for each of the others, and a FrameReader puts them together. encode
//             puts U+FFFD where a text is not and cuts text and time to their bounds, so that decode takes what outsiders filled;
//             decode refuses a frame that breaks a bound, whole.
// Errors      EventErrc: truncated, too_long, malformed, unknown_frame, bad_value. A frame that encode would make too long for
//             the pipe, or a key of another length, is a defect of the caller.
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

Bytes encode(const Frame& frame); // with its length in front; of long Keys several frames
[[nodiscard]] Result<Frame> decode(BytesView body); // without the length

// Splits what arrives on the pipe into frames. When next() is called until it has no more after each feed(), at most one frame
// and what one feed() brought are buffered. Bytes that were read are overwritten: a frame may carry keys.
class FrameReader {
public:
    FrameReader() = default;
    FrameReader(const FrameReader&) = delete;
    FrameReader& operator=(const FrameReader&) = delete;
    ~FrameReader();

    void feed(BytesView bytes);
    // The next whole frame; an empty optional when more bytes are needed. After too_long the stream cannot be followed any
    // more: close it. After any other error the refused frame is skipped and the next call goes on behind it.
    [[nodiscard]] Result<std::optional<Frame>> next();
    bool empty() const noexcept { return buffer_.size() == start_ && !keys_; } // nothing half-read

private:
    Result<std::optional<Frame>> next_single();

    Bytes buffer_;
    std::optional<Keys> keys_; // whose groups have not all come
    std::size_t start_ = 0;
};

} // namespace vestari::event

template <> struct boost::system::is_error_code_enum<vestari::event::EventErrc> : std::true_type {};
