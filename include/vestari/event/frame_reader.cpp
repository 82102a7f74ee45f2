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

void drop(std::optional<Keys>& keys) noexcept {
    if (keys) {
        wipe(keys->session_key, 0, keys->session_key.size());
        wipe(keys->index_key, 0, keys->index_key.size());
        keys.reset();
    }
}

} // namespace

FrameReader::~FrameReader() {
    wipe(buffer_, 0, buffer_.size());
    drop(keys_);
}

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
    for (;;) {
        Result<std::optional<Frame>> frame = next_single();
        if (!frame || !*frame) {
            return frame;
        }
        if (keys_) {
            Group* group = std::get_if<Group>(&**frame);
            if (group ==
                nullptr) { // the rest of the list does not come: what came of it means nothing
                drop(keys_);
                return EventErrc::bad_value;
            }
            keys_->groups.push_back(std::move(*group));
            keys_->groups_behind -= 1;
        } else if (Keys* keys = std::get_if<Keys>(&**frame);
                   keys != nullptr && keys->groups_behind != 0) {
            keys_ = std::move(*keys);
        } else {
            return frame;
        }
        if (keys_->groups_behind == 0) {
            Frame whole{std::move(*keys_)};
            keys_.reset();
            return std::optional<Frame>{std::move(whole)};
        }
    }
}

Result<std::optional<Frame>> FrameReader::next_single() {
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
