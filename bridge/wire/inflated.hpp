// A whole stanza, inflated within the limits.
//
// Invariants  never more than limit::inflated bytes, nor more than limit::ratio times the stream once limit::inflated_freely is
//             passed; the buffer grows with what was really inflated and is checked while it does.
// Threads     one owner.
// Errors      WireErrc: bad_stream, truncated_stream, bytes_after_stream, inflated_too_long, inflates_too_far.
// Source      SETTLED section 5; wire/10-connection.md section 5.9.
#pragma once

#include <algorithm>
#include <memory>

#include "bridge/wire/inflater.hpp"

namespace vestari::wire {

// Flag bit 1 says compressed; the other bits mean nothing.
inline bool is_compressed(BytesView frame) noexcept {
    return (frame.front() & std::byte{0x02}) != std::byte{};
}

// How far a stream of so many bytes may inflate, and what it is called if it goes further.
struct InflateLimit {
    std::size_t bytes;
    WireErrc error;
};
constexpr InflateLimit inflate_limit(std::size_t stream) noexcept {
    const std::size_t by_ratio = std::max(limit::inflated_freely, stream * limit::ratio);
    return by_ratio < limit::inflated ? InflateLimit{by_ratio, WireErrc::inflates_too_far}
                                      : InflateLimit{limit::inflated, WireErrc::inflated_too_long};
}

class Inflated {
public:
    // The stream's bytes, valid until the next call.
    [[nodiscard]] Result<BytesView> inflate(BytesView stream);

private:
    void grow(std::size_t filled, std::size_t capacity);

    Inflater inflater_;
    std::unique_ptr<std::byte[]> buffer_;
    std::size_t capacity_ = 0;
};

} // namespace vestari::wire
