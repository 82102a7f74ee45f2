#include <cstring>

#include "vestari/event/codec.hpp"

namespace vestari::event {

namespace {

constexpr std::size_t length_bytes = 4;

void wipe(Bytes& bytes, std::size_t from, std::size_t to) noexcept {
    if (from < to) { // an empty vector has no bytes to point at
        explicit_bzero(bytes.data() + from, to - from);
    }
}

} // namespace

FrameReader::~FrameReader() { wipe(buffer_, 0, buffer_.size()); }

void FrameReader::feed(BytesView bytes) {
    const std::size_t held = buffer_.size() - start_;
    if (held + bytes.size() >
        buffer_.capacity()) { // grow by hand: vector would leave a copy of a key behind
        Bytes bigger;
        bigger.reserve((held + bytes.size()) * 2);
        bigger.assign(buffer_.begin() + static_cast<std::ptrdiff_t>(start_), buffer_.end());
        wipe(buffer_, 0, buffer_.size());
        buffer_.swap(bigger);
    } else if (start_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + start_, held);
        wipe(buffer_, held, buffer_.size());
        buffer_.resize(held);
    }
    start_ = 0;
    append(buffer_, bytes);
}

Result<std::optional<Frame>> FrameReader::next() {
    const BytesView held = BytesView{buffer_}.subspan(start_);
    if (held.size() < length_bytes) {
        return std::nullopt;
    }
    const std::size_t length = read_be<length_bytes>(held);
    if (length > max_frame_bytes) {
        return EventErrc::too_long;
    }
    if (held.size() - length_bytes < length) {
        return std::nullopt;
    }
    Result<Frame> frame = decode(held.subspan(length_bytes, length));
    wipe(buffer_, start_, start_ + length_bytes + length);
    start_ += length_bytes + length;
    if (!frame) {
        return frame.error();
    }
    return std::optional<Frame>{std::move(*frame)};
}

} // namespace vestari::event
