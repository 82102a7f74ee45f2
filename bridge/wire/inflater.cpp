#include "bridge/wire/inflater.hpp"

#include <new>

#include <zlib.h>

#include "vestari/base/check.hpp"

namespace vestari::wire {

void Inflater::End::operator()(z_stream_s* stream) const noexcept {
    inflateEnd(stream);
    delete stream;
}

void Inflater::start(BytesView stream) {
    VESTARI_CHECK(stream.size() <= limit::frame);
    if (stream_ == nullptr) {
        auto made = std::make_unique<z_stream>();
        if (inflateInit_(made.get(), ZLIB_VERSION, static_cast<int>(sizeof(z_stream))) != Z_OK) {
            throw std::bad_alloc{};
        }
        stream_.reset(made.release());
    }
    VESTARI_CHECK(inflateReset(stream_.get()) == Z_OK);
    stream_->next_in = reinterpret_cast<const Bytef*>(stream.data());
    stream_->avail_in = static_cast<uInt>(stream.size());
    ended_ = false;
}

std::size_t Inflater::unread() const noexcept { return stream_->avail_in; }

Result<std::size_t> Inflater::fill(std::span<std::byte> out) {
    VESTARI_CHECK(out.size() <= 2 * limit::inflated);
    stream_->next_out = reinterpret_cast<Bytef*>(out.data());
    stream_->avail_out = static_cast<uInt>(out.size());
    while (!ended_ && stream_->avail_out > 0) {
        const int result = inflate(stream_.get(), Z_NO_FLUSH);
        ended_ = result == Z_STREAM_END;
        if (ended_ || stream_->avail_out == 0) {
            break; // damage behind the last byte that was asked for is reported when more is
        }
        if (result == Z_MEM_ERROR) {
            throw std::bad_alloc{};
        }
        if (result != Z_OK && result != Z_BUF_ERROR) { // Z_DATA_ERROR, Z_NEED_DICT
            return WireErrc::bad_stream;
        }
        if (stream_->avail_in == 0 || result == Z_BUF_ERROR) {
            return WireErrc::truncated_stream;
        }
    }
    return out.size() - stream_->avail_out;
}

} // namespace vestari::wire
