// One connection of ingest: frames in, frames out, without ever waiting. For bridge/daemon only.
//
// Invariants  at most `room` bytes and one frame wait to be written; what was given is written in order. Exactly one lost() comes,
//             after which nothing does; none after destruction.
// Threads     the executor's strand, where it is constructed, called and destroyed; events come there, never from within a call.
// Errors      lost() with what was wrong: the other side is gone, or sent what is no frame.
#pragma once

#include <cstddef>
#include <memory>

#include "vestari/base/bytes.hpp"
#include "vestari/base/descriptor.hpp"
#include "vestari/base/result.hpp"
#include "vestari/event/codec.hpp"

namespace boost::asio {
class any_io_executor; // NOLINT(readability-identifier-naming): theirs
} // namespace boost::asio

namespace vestari::daemon {

class Line {
public:
    static constexpr std::size_t room = std::size_t{512} << 10U;

    class Events {
    public:
        virtual ~Events() = default;
        virtual void arrived(event::Frame& frame) = 0;
        virtual void writable() = 0;          // there is room again after there was none
        virtual void lost(ErrorCode why) = 0; // no error: the other side closed
    };

    // `reader` may hold what has come already.
    Line(const boost::asio::any_io_executor& strand, Descriptor socket,
         std::unique_ptr<event::FrameReader> reader, Events& events);
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    ~Line();

    bool has_room() const noexcept;
    std::size_t held() const noexcept; // bytes in memory, written or not
    void send(BytesView encoded);

    // Gives the connection on to another strand; this Line is at its end. Nothing may wait to be written.
    struct Parts {
        Descriptor socket;
        std::unique_ptr<event::FrameReader> reader;
    };
    Parts release();

private:
    class Session;
    std::shared_ptr<Session> session_;
};

} // namespace vestari::daemon
