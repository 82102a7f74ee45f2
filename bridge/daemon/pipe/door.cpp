#include "bridge/daemon/pipe/door.hpp"

#include <list>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fcntl.h>

#include "bridge/daemon/opening/opened.hpp"

namespace vestari::daemon {

class Door::Impl final : public std::enable_shared_from_this<Impl> {
public:
    Impl(const boost::asio::any_io_executor& strand, service::UnixListener listener,
         DoorHooks hooks)
        : strand_{strand}, listener_{std::move(listener)}, hooks_{std::move(hooks)},
          ready_{strand, ::fcntl(listener_->descriptor(), F_DUPFD_CLOEXEC, 0)} {}

    void wait() {
        using Stream = boost::asio::posix::stream_descriptor;
        ready_.async_wait(Stream::wait_read, [self = shared_from_this()](ErrorCode error) {
            if (!error && self->listener_) {
                self->accept_all();
                self->wait();
            }
        });
    }

    void close() {
        boost::system::error_code ignored;
        ready_.close(ignored);
        guests_.clear();
        listener_.reset();
    }

private:
    // One that has not said its keys yet.
    class Guest final : private Line::Events {
    public:
        Guest(Impl& door, Descriptor socket, const service::Peer& peer)
            : door_{door}, peer_{peer}, late_{door.strand_},
              line_{std::make_unique<Line>(door.strand_, std::move(socket),
                                           std::make_unique<event::FrameReader>(),
                                           static_cast<Line::Events&>(*this))} {
            late_.expires_after(patience);
            late_.async_wait([weak = std::weak_ptr{here_}](const boost::system::error_code& over) {
                if (const auto here = weak.lock(); here && !over) {
                    (*here)->leave("said no keys in time");
                }
            });
        }
        const service::Peer& peer() const noexcept { return peer_; }

    private:
        void arrived(event::Frame& frame) override {
            auto* keys = std::get_if<event::Keys>(&frame);
            if (keys == nullptr) {
                leave("said something else than keys");
                return;
            }
            Arrival arrival{line_->release(), std::move(*keys)};
            wipe_keys(*keys);
            door_.hooks_.arrived(std::move(arrival));
            door_.dismiss(*this);
        }
        void writable() override {}
        void lost(ErrorCode why) override {
            if (why) {
                leave("sent what is no frame");
            } else {
                door_.dismiss(*this);
            }
        }
        void leave(service::Word why) {
            door_.hooks_.refused(why, peer_);
            door_.dismiss(*this);
        }

        Impl& door_;
        service::Peer peer_;
        std::shared_ptr<Guest*> here_ = std::make_shared<Guest*>(this);
        boost::asio::steady_timer late_;
        std::unique_ptr<Line> line_;
    };

    void accept_all() {
        for (Descriptor socket = listener_->accept(); socket; socket = listener_->accept()) {
            const Result<service::Peer> peer = service::peer_of(socket.get());
            if (!peer || !service::is_one_of_us(*peer, {"vestari-ingest"})) {
                hooks_.refused("is not vestari-ingest", peer ? *peer : service::Peer{});
            } else if (guests_.size() >= max_waiting) {
                hooks_.refused("finds too many waiting", *peer);
            } else {
                guests_.push_back(std::make_unique<Guest>(*this, std::move(socket), *peer));
            }
        }
    }

    // The guest may be in the middle of a call: it goes when that is over.
    void dismiss(const Guest& guest) {
        const auto found = std::ranges::find_if(
            guests_, [&guest](const auto& one) { return one.get() == &guest; });
        if (found != guests_.end()) {
            boost::asio::post(strand_, [gone = std::shared_ptr<Guest>{std::move(*found)}] {});
            guests_.erase(found);
        }
    }

    boost::asio::any_io_executor strand_;
    std::optional<service::UnixListener> listener_;
    DoorHooks hooks_;
    boost::asio::posix::stream_descriptor ready_;
    std::list<std::unique_ptr<Guest>> guests_;
};

Result<std::unique_ptr<Door>> Door::open(const boost::asio::any_io_executor& strand,
                                         const std::filesystem::path& socket, DoorHooks hooks) {
    Result<service::UnixListener> listener = service::UnixListener::open({.path = socket});
    if (!listener) {
        return listener.error();
    }
    return std::unique_ptr<Door>{
        new Door{std::make_shared<Impl>(strand, std::move(*listener), std::move(hooks))}};
}

Door::Door(std::shared_ptr<Impl> impl) : impl_{std::move(impl)} { impl_->wait(); }
Door::~Door() { impl_->close(); }

} // namespace vestari::daemon
