#include "bridge/replay/pipe.hpp"

#include <array>
#include <cerrno>

#include <poll.h>
#include <unistd.h>

#include "vestari/crypto/secret.hpp"

namespace vestari::replay {

std::string_view describe(PipeErrc error) noexcept {
    switch (error) {
    case PipeErrc::closed: return "the other end of the pipe is gone";
    case PipeErrc::not_a_frame:
        return "the other end of the pipe sent something that is no acknowledgement";
    case PipeErrc::keys_missing:
        return "no keys came over the pipe: start this program through `vestari replay`";
    }
    return "unknown pipe error";
}

Result<event::Keys> Pipe::receive_keys() {
    std::array<std::byte, 64U << 10U> block{};
    for (;;) {
        Result<std::optional<event::Frame>> frame = reader_.next();
        if (!frame) {
            return PipeErrc::not_a_frame;
        }
        if (*frame) {
            event::Keys* keys = std::get_if<event::Keys>(&**frame);
            return keys != nullptr ? Result<event::Keys>{std::move(*keys)} : PipeErrc::keys_missing;
        }
        const ssize_t got = ::read(in_, block.data(), block.size());
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return PipeErrc::keys_missing;
        }
        reader_.feed(BytesView{block}.first(static_cast<std::size_t>(got)));
        crypto::wipe(block);
    }
}

Result<void> Pipe::send(const event::Frame& frame) { return write_all(event::encode(frame)); }

Result<void> Pipe::send_spooled(std::uint64_t sequence, BytesView encoded) {
    if (sent_ == 0) {
        sent_ = acknowledged_ = sequence - 1; // the spool may start anywhere
    }
    while (in_ >= 0 && sent_ - acknowledged_ >= max_unacknowledged) {
        if (Result<void> read = read_acks(Wait::until_readable); !read) {
            return read;
        }
    }
    if (Result<void> written = write_all(encoded); !written) {
        return written;
    }
    sent_ = sequence;
    return {};
}

Result<void> Pipe::drain() {
    while (acknowledged() < sent_) {
        if (Result<void> read = read_acks(Wait::until_readable); !read) {
            return read;
        }
    }
    return {};
}

Result<void> Pipe::read_acks(Wait wait) {
    if (in_ < 0) {
        return {};
    }
    for (;;) {
        pollfd ready{in_, POLLIN, 0};
        const int n = ::poll(&ready, 1, wait == Wait::now ? 0 : -1);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return PipeErrc::closed;
        }
        if (n == 0) {
            return {};
        }
        break;
    }
    std::array<std::byte, 4096> block{};
    const ssize_t got = ::read(in_, block.data(), block.size());
    if (got <= 0) {
        return got < 0 && errno == EINTR ? Result<void>{} : PipeErrc::closed;
    }
    reader_.feed(BytesView{block}.first(static_cast<std::size_t>(got)));
    for (;;) {
        Result<std::optional<event::Frame>> frame = reader_.next();
        if (!frame) {
            return PipeErrc::not_a_frame;
        }
        if (!*frame) {
            return {};
        }
        const event::Ack* ack = std::get_if<event::Ack>(&**frame);
        if (ack == nullptr || ack->sequence > sent_) {
            return PipeErrc::not_a_frame;
        }
        acknowledged_ = std::max(acknowledged_, ack->sequence);
    }
}

Result<void> Pipe::write_all(BytesView bytes) {
    while (!bytes.empty()) {
        std::array<pollfd, 2> ready{pollfd{out_, POLLOUT, 0}, pollfd{in_, POLLIN, 0}};
        if (::poll(ready.data(), in_ < 0 ? 1 : 2, -1) < 0) {
            if (errno == EINTR) {
                continue;
            }
            return PipeErrc::closed;
        }
        if (in_ >= 0 && ready[1].revents != 0) {
            if (Result<void> read = read_acks(Wait::now); !read) {
                return read;
            }
        }
        if (ready[0].revents == 0) {
            continue;
        }
        // A pipe that polls writable takes up to PIPE_BUF bytes without blocking; a file takes any number.
        const std::size_t part = std::min<std::size_t>(bytes.size(), 4096);
        const ssize_t put = ::write(out_, bytes.data(), part);
        if (put < 0 && errno != EINTR && errno != EAGAIN) {
            return PipeErrc::closed;
        }
        bytes = bytes.subspan(put > 0 ? static_cast<std::size_t>(put) : 0);
    }
    return {};
}

} // namespace vestari::replay
