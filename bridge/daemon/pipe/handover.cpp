#include "bridge/daemon/pipe/handover.hpp"

#include <optional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include "bridge/daemon/pipe/window.hpp"

namespace vestari::daemon {

namespace {
constexpr std::chrono::milliseconds erase_after{50};   // many acknowledgements, one transaction
constexpr std::chrono::milliseconds erase_again{1000}; // when the disk would not
} // namespace

class Handover::Impl final : public std::enable_shared_from_this<Impl>, private Line::Events {
public:
    Impl(const boost::asio::any_io_executor& strand, Window& window, HandoverHooks hooks)
        : strand_{strand}, window_{window}, hooks_{std::move(hooks)}, erase_{strand} {}

    void connect(Line::Parts parts) {
        line_.emplace(strand_, std::move(parts.socket), std::move(parts.reader),
                      static_cast<Line::Events&>(*this));
        window_.connected();
    }

    bool connected() const noexcept { return line_.has_value(); }

    void send(const event::Frame& frame) {
        if (line_) {
            line_->send(event::encode(frame));
        }
    }

    void pump() {
        try {
            while (line_ && line_->has_room()) {
                const std::vector<store::Spooled> rows = window_.next();
                if (rows.empty()) {
                    return;
                }
                for (const store::Spooled& row : rows) {
                    line_->send(row.payload);
                }
            }
        } catch (const boost::system::system_error& error) {
            let_go(error.code());
        }
    }

    void stop() {
        line_.reset();
        erase_.cancel();
        static_cast<void>(erase());
    }

    void end() {
        line_.reset();
        erase_.cancel();
    }

private:
    void arrived(event::Frame& frame) override {
        if (const auto* ack = std::get_if<event::Ack>(&frame)) {
            if (!window_.acknowledged(ack->sequence)) {
                let_go(event::EventErrc::bad_value);
                return;
            }
            erase_later(erase_after);
            pump();
        } else if (const auto* group = std::get_if<event::Group>(&frame)) {
            hooks_.group(*group);
        } else {
            let_go(event::EventErrc::unknown_frame);
        }
    }
    void writable() override { pump(); }
    void lost(ErrorCode why) override { let_go(why); }

    void let_go(ErrorCode why) {
        line_.reset();
        hooks_.lost(why);
    }

    void erase_later(std::chrono::milliseconds wait) {
        if (waiting_) {
            return;
        }
        waiting_ = true;
        erase_.expires_after(wait);
        erase_.async_wait([weak = weak_from_this()](const boost::system::error_code& stopped) {
            const std::shared_ptr<Impl> self = weak.lock();
            if (stopped || !self) {
                return;
            }
            self->waiting_ = false;
            const bool works = self->erase();
            if (self->window_.erasable()) { // a batch is open, or the disk would not
                self->erase_later(works ? erase_after : erase_again);
            }
        });
    }

    bool erase() {
        try {
            if (const std::uint64_t erased = window_.erase_acknowledged(); erased != 0) {
                hooks_.shrank(erased);
            }
            return true;
        } catch (const boost::system::system_error&) {
            return false; // it stays acknowledged; ingest knows these envelopes
        }
    }

    boost::asio::any_io_executor strand_;
    Window& window_;
    HandoverHooks hooks_;
    std::optional<Line> line_;
    boost::asio::steady_timer erase_;
    bool waiting_ = false;
};

Handover::Handover(const boost::asio::any_io_executor& strand, Window& window, HandoverHooks hooks)
    : impl_{std::make_shared<Impl>(strand, window, std::move(hooks))} {}
Handover::~Handover() { impl_->end(); }
void Handover::connect(Line::Parts line) { impl_->connect(std::move(line)); }
bool Handover::connected() const noexcept { return impl_->connected(); }
void Handover::send(const event::Frame& frame) { impl_->send(frame); }
void Handover::pump() { impl_->pump(); }
void Handover::stop() { impl_->stop(); }

} // namespace vestari::daemon
