#include "bridge/noise/transport.hpp"

#include "bridge/noise/errors.hpp"
#include "bridge/noise/frame_reader.hpp"

namespace vestari::noise {

Result<Bytes> Sealing::seal(BytesView plain) {
    const std::size_t length = plain.size() + crypto::aead_tag_bytes;
    if (length > max_frame_bytes) {
        return NoiseErrc::frame_too_large;
    }
    Bytes frame(frame_header_bytes + length);
    write_frame_header(std::span{frame}.first<frame_header_bytes>(), length);
    const Result<> sealed =
        cipher_.seal_into(plain, {}, std::span{frame}.subspan(frame_header_bytes));
    if (!sealed) {
        return sealed.error();
    }
    return frame;
}

Result<Bytes> Opening::open(BytesView frame) {
    if (broken_) {
        return NoiseErrc::cannot_decrypt;
    }
    Result<Bytes> plain = cipher_.open(frame, {});
    if (!plain) {
        broken_ = true;
        return NoiseErrc::cannot_decrypt;
    }
    return plain;
}

} // namespace vestari::noise
