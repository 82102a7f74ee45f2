#include "ingest/daemon/control/follow.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace vestari::ingest::daemon {
namespace {

constexpr std::size_t lines_at_once = 256;
constexpr std::chrono::milliseconds pause{5}; // between two lots, for the client to read

class Follower : public std::enable_shared_from_this<Follower> {
public:
    enum class Until : std::uint8_t { now, client_goes };

    Follower(Desk& desk, std::string account, service::Answer reply, Until until)
        : desk_{desk}, account_{std::move(account)}, reply_{std::move(reply)}, pause_{desk.io},
          until_{until} {}

    void start() {
        reply_->start();
        if (until_ == Until::client_goes) {
            watcher_ = desk_.events.watch([self = shared_from_this()] { self->later(); });
            reply_->on_gone([weak = weak_from_this(), &io = desk_.io] {
                boost::asio::post(io, [weak] {
                    if (const auto self = weak.lock()) {
                        self->stop();
                    }
                });
            });
        }
        write();
    }

private:
    // One lot for all that is added before the daemon's next turn.
    void later() {
        if (!std::exchange(waits_, true)) {
            boost::asio::post(desk_.io, [self = shared_from_this()] { self->write(); });
        }
    }

    void write() {
        waits_ = false;
        for (std::size_t i = 0; i < lines_at_once; ++i) {
            const Events::Event* event = desk_.events.after(last_, account_);
            if (event == nullptr) {
                if (until_ == Until::now) {
                    reply_->end();
                }
                return;
            }
            last_ = event->number;
            if (!reply_->line(event->line)) {
                stop();
                return;
            }
        }
        waits_ = true;
        pause_.expires_after(pause);
        pause_.async_wait([self = shared_from_this()](const boost::system::error_code& stopped) {
            if (!stopped) {
                self->write();
            }
        });
    }

    void stop() {
        desk_.events.unwatch(watcher_);
        pause_.cancel();
    }

    Desk& desk_;
    std::string account_;
    service::Answer reply_;
    boost::asio::steady_timer pause_;
    std::uint64_t watcher_ = 0;
    std::uint64_t last_ = 0;
    Until until_;
    bool waits_ = false; // a lot is under way
};

} // namespace

void follow(Desk& desk, const service::Request& request, const service::Answer& reply) {
    const bool goes_on = request.parameter("follow") == "1";
    std::make_shared<Follower>(desk, std::string{request.parameter("account")}, reply,
                               goes_on ? Follower::Until::client_goes : Follower::Until::now)
        ->start();
}

} // namespace vestari::ingest::daemon
