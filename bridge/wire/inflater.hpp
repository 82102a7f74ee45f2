// A zlib stream (RFC 1950), inflated as far as it is asked for and no further.
//
// Invariants  at most the bytes asked for are produced; output before damage is delivered first. The checksum is checked at the end.
// Threads     one owner.
// Errors      WireErrc: bad_stream (damage, wrong checksum, a preset dictionary), truncated_stream. Out of memory: std::bad_alloc.
// Source      wire/10-connection.md sections 5.1 and 5.9.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "bridge/wire/wire_error.hpp"
#include "vestari/base/bytes.hpp"

struct z_stream_s; // NOLINT(readability-identifier-naming): the name is zlib's

namespace vestari::wire {

class Inflater {
public:
    Inflater() = default;
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    // Starts over with another stream; the bytes must stay until the next start.
    void start(BytesView stream);

    // Fills as much of `out` as the stream has. Fewer bytes than asked for: the stream has ended, and its checksum was right.
    [[nodiscard]] Result<std::size_t> fill(std::span<std::byte> out);

    bool ended() const noexcept { return ended_; }
    std::size_t unread() const noexcept; // bytes that were given and not looked at

private:
    struct End {
        void operator()(z_stream_s* stream) const noexcept;
    };
    std::unique_ptr<z_stream_s, End>
        stream_; // made on the first start: it is large, and many readers never need it
    bool ended_ = false;
};

} // namespace vestari::wire
