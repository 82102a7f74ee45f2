// A source of bytes (value_reader.hpp) that lie in memory; what is taken views into them.
#pragma once

#include <cstdint>
#include <string_view>

#include "bridge/wire/wire_error.hpp"
#include "vestari/base/bytes.hpp"

namespace vestari::wire {

class FlatSource {
public:
    explicit FlatSource(BytesView bytes) noexcept
        : start_{as_text(bytes).data()}, next_{start_}, end_{start_ + bytes.size()} {}

    bool byte(std::uint8_t& out) noexcept {
        if (next_ == end_) {
            return fail(WireErrc::truncated);
        }
        out = static_cast<std::uint8_t>(*next_++);
        return true;
    }
    bool take(std::size_t size, std::string_view& out) noexcept {
        if (!has(size)) {
            return false;
        }
        out = {next_, size};
        next_ += size;
        return true;
    }
    bool has(std::size_t size) noexcept { return size <= left() || fail(WireErrc::truncated); }
    std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - next_); }
    std::size_t seen() const noexcept { return static_cast<std::size_t>(next_ - start_); }

    bool fail(WireErrc error) noexcept {
        error_ = error;
        return false;
    }
    WireErrc error() const noexcept { return error_; }

private:
    const char* start_;
    const char* next_;
    const char* end_;
    WireErrc error_ = WireErrc::truncated;
};

} // namespace vestari::wire
