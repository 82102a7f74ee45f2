#include "bridge/wire/inflated.hpp"

#include <cstring>

namespace vestari::wire {

namespace {
constexpr std::size_t smallest = 4096;
constexpr std::size_t kept = 256U << 10U; // a larger buffer is given back on the next call
} // namespace

void Inflated::grow(std::size_t filled, std::size_t capacity) {
    auto larger = std::make_unique_for_overwrite<std::byte[]>(capacity);
    if (filled > 0) {
        std::memcpy(larger.get(), buffer_.get(), filled);
    }
    buffer_ = std::move(larger);
    capacity_ = capacity;
}

Result<BytesView> Inflated::inflate(BytesView stream) {
    const InflateLimit most = inflate_limit(stream.size());
    if (capacity_ == 0 || capacity_ > kept) {
        grow(0, smallest);
    }
    inflater_.start(stream);
    std::size_t filled = 0;
    for (;;) {
        // One byte more than the limit: a stream that fills it has gone too far.
        const std::size_t room = std::min(capacity_, most.bytes + 1) - filled;
        const Result<std::size_t> more = inflater_.fill({buffer_.get() + filled, room});
        if (!more) {
            return more.error();
        }
        filled += *more;
        if (filled > most.bytes) {
            return most.error;
        }
        if (inflater_.ended()) {
            break;
        }
        grow(filled, std::min(capacity_ * 2, most.bytes + 1));
    }
    if (inflater_.unread() > 0) {
        return WireErrc::bytes_after_stream;
    }
    return BytesView{buffer_.get(), filled};
}

} // namespace vestari::wire
