#include "bridge/daemon/pipe/line.hpp"

#include <array>
#include <cerrno>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <fcntl.h>
#include <sys/socket.h>

#include "vestari/crypto/secret.hpp"

namespace vestari::daemon {

namespace {
using Stream = boost::asio::posix::stream_descriptor;
constexpr std::size_t read_at_once = std::size_t{64} << 10U;
} // namespace

class Line::Session : public std::enable_shared_from_this<Session> {
public:
    Session(const boost::asio::any_io_executor& strand, Descriptor socket,
            std::unique_ptr<event::FrameReader> reader, Events& events)
        : stream_{strand, ::fcntl(socket.get(), F_DUPFD_CLOEXEC, 0)}, reader_{std::move(reader)},
          events_{&events} {}

    // The first look is at what the reader holds already.
    void start() {
        boost::asio::post(stream_.get_executor(), [self = shared_from_this()] {
            if (self->hand_out()) {
                self->wait_readable();
            }
        });
    }

    void send(BytesView encoded) {
        if (events_ == nullptr) {
            return;
        }
        // Under a lasting load it never runs empty: it must not grow with all that went through.
        if (written_ >= room) {
            output_.erase(output_.begin(), output_.begin() + static_cast<std::ptrdiff_t>(written_));
            written_ = 0;
        }
        append(output_, encoded);
        if (waiting_ == Writing::idle) {
            write_some();
        }
    }

    bool has_room() const noexcept { return output_.size() - written_ < room; }
    std::size_t held() const noexcept { return output_.size(); }

    void end() {
        events_ = nullptr;
        boost::system::error_code ignored;
        stream_.close(ignored);
    }

    Parts release() {
        events_ = nullptr;
        stream_.cancel();
        return {Descriptor{stream_.release()}, std::move(reader_)};
    }

private:
    enum class Writing : std::uint8_t { idle, until_writable };

    void wait_readable() {
        stream_.async_wait(Stream::wait_read, [self = shared_from_this()](ErrorCode error) {
            if (!error && self->events_ != nullptr) {
                self->read_some();
            }
        });
    }

    void read_some() {
        std::array<std::byte, read_at_once> block; // NOLINT: filled by recv
        const ssize_t got =
            ::recv(stream_.native_handle(), block.data(), block.size(), MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            wait_readable();
            return;
        }
        if (got <= 0) {
            lose({});
            return;
        }
        reader_->feed(BytesView{block}.first(static_cast<std::size_t>(got)));
        crypto::wipe(std::span{block}.first(static_cast<std::size_t>(got))); // keys may come here
        if (hand_out()) {
            wait_readable();
        }
    }

    // False: this is not the one who listens any more.
    bool hand_out() {
        while (events_ != nullptr) {
            Result<std::optional<event::Frame>> frame = reader_->next();
            if (!frame) {
                lose(frame.error());
                return false;
            }
            if (!*frame) {
                return true;
            }
            events_->arrived(**frame);
        }
        return false;
    }

    void write_some() {
        while (written_ < output_.size()) {
            const ssize_t put = ::send(stream_.native_handle(), output_.data() + written_,
                                       output_.size() - written_, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (put > 0) {
                written_ += static_cast<std::size_t>(put);
            } else if (errno == EAGAIN) {
                wait_writable();
                return;
            } else if (errno != EINTR) {
                break; // the reading side finds out and says so
            }
        }
        output_.clear();
        written_ = 0;
    }

    void wait_writable() {
        waiting_ = Writing::until_writable;
        stream_.async_wait(Stream::wait_write, [self = shared_from_this()](ErrorCode error) {
            self->waiting_ = Writing::idle;
            if (error || self->events_ == nullptr) {
                return;
            }
            const bool had_room = self->has_room();
            self->write_some();
            if (!had_room && self->has_room()) {
                self->events_->writable();
            }
        });
    }

    void lose(ErrorCode why) {
        Events* events = std::exchange(events_, nullptr);
        boost::system::error_code ignored;
        stream_.close(ignored);
        events->lost(why);
    }

    Stream stream_;
    std::unique_ptr<event::FrameReader> reader_;
    Events* events_; // null when nobody listens any more
    Bytes output_;
    std::size_t written_ = 0;
    Writing waiting_ = Writing::idle;
};

Line::Line(const boost::asio::any_io_executor& strand, Descriptor socket,
           std::unique_ptr<event::FrameReader> reader, Events& events)
    : session_{std::make_shared<Session>(strand, std::move(socket), std::move(reader), events)} {
    session_->start();
}

Line::~Line() { session_->end(); }

std::size_t Line::held() const noexcept { return session_->held(); }
bool Line::has_room() const noexcept { return session_->has_room(); }
void Line::send(BytesView encoded) { session_->send(encoded); }
Line::Parts Line::release() { return session_->release(); }

} // namespace vestari::daemon
