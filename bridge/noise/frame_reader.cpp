#include "bridge/noise/frame_reader.hpp"

#include "bridge/noise/errors.hpp"
#include "vestari/base/check.hpp"

namespace vestari::noise {

namespace {

constexpr std::size_t kept_capacity = std::size_t{64} << 10U;

} // namespace

void FrameReader::feed(BytesView more) {
    if (refused_) {
        return; // nothing will be read any more
    }
    if (read_ == buffer_.size()) {
        if (buffer_.capacity() > kept_capacity) {
            buffer_ = Bytes{};
        }
        buffer_.clear();
        read_ = 0;
    } else if (read_ > 0 && read_ >= buffer_.size() / 2) {
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(read_));
        read_ = 0;
    }
    append(buffer_, more);
}

Result<std::optional<BytesView>> FrameReader::next() {
    if (refused_) {
        return NoiseErrc::frame_too_long;
    }
    const BytesView rest = BytesView{buffer_}.subspan(read_);
    if (rest.size() < frame_header_bytes) {
        return std::optional<BytesView>{};
    }
    const std::size_t length = read_be<frame_header_bytes>(rest);
    if (length > limit_) {
        refused_ = true;
        buffer_ = Bytes{};
        read_ = 0;
        return NoiseErrc::frame_too_long;
    }
    if (rest.size() - frame_header_bytes < length) {
        return std::optional<BytesView>{};
    }
    read_ += frame_header_bytes + length;
    return std::optional{rest.subspan(frame_header_bytes, length)};
}

void FrameReader::rest() noexcept {
    if (held() == 0) {
        buffer_ = Bytes{};
        read_ = 0;
    }
}

void FrameReader::set_limit(std::size_t bytes) {
    VESTARI_CHECK(bytes <= max_frame_bytes);
    limit_ = bytes;
}

void write_frame_header(std::span<std::byte, frame_header_bytes> out, std::size_t length) {
    VESTARI_CHECK(length <= max_frame_bytes);
    for (std::size_t i = 0; i < frame_header_bytes; ++i) {
        out[i] = static_cast<std::byte>((length >> (16U - 8U * i)) & 0xffU);
    }
}

Result<Bytes> framed(BytesView payload) {
    if (payload.size() > max_frame_bytes) {
        return NoiseErrc::frame_too_large;
    }
    Bytes frame(frame_header_bytes);
    frame.reserve(frame_header_bytes + payload.size());
    write_frame_header(std::span{frame}.first<frame_header_bytes>(), payload.size());
    append(frame, payload);
    return frame;
}

} // namespace vestari::noise
