// Cuts the bytes arriving on the WebSocket into frames: a length of 3 bytes, big-endian, then as many bytes. Where the WebSocket's
// own messages begin and end says nothing.
//
// Invariants  a frame is handed out whole or not at all. Take frames until there is none before feeding more: then at most one
//             frame of the limit and one feed are held, and the buffer of a long frame is given back once it was read.
// Threads     one owner.
// Errors      NoiseErrc::frame_too_long, from the moment the length arrived and for ever after: close the connection.
// Source      wire/10-connection.md section 2.3.
#pragma once

#include <cstddef>
#include <optional>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"

namespace vestari::noise {

inline constexpr std::size_t frame_header_bytes = 3;
inline constexpr std::size_t max_frame_bytes = (std::size_t{1} << 24U) - 1;
inline constexpr std::size_t max_frame_before_login = std::size_t{64} << 10U;

class FrameReader {
public:
    void feed(BytesView more);
    // The next whole frame, without its length; empty when more bytes are needed. Valid until the next call of feed or next.
    [[nodiscard]] Result<std::optional<BytesView>> next();
    void set_limit(std::size_t bytes); // from the next frame on; at most max_frame_bytes
    void rest() noexcept;              // gives the buffer back if nothing stands in it
    std::size_t held() const noexcept { return buffer_.size() - read_; } // bytes not handed out

private:
    Bytes buffer_;
    std::size_t read_ = 0; // how much of the buffer was handed out
    std::size_t limit_ = max_frame_before_login;
    bool refused_ = false;
};

// Writes the length of what follows. `out` has room for it; `length` is at most max_frame_bytes.
void write_frame_header(std::span<std::byte, frame_header_bytes> out, std::size_t length);

// The bytes with their length before them. NoiseErrc::frame_too_large.
[[nodiscard]] Result<Bytes> framed(BytesView payload);

} // namespace vestari::noise
