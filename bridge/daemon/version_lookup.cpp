#include "bridge/daemon/version_lookup.hpp"

#include <mutex>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "bridge/net/page_fetch.hpp"
#include "vestari/base/clock.hpp"

namespace vestari::daemon {

class VersionLookup::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(const boost::asio::any_io_executor& strand, const net::Endpoint& endpoint,
         const config::Whatsapp& whatsapp, service::Log& log, Found found)
        : strand_{strand}, endpoint_{endpoint}, log_{log}, found_{std::move(found)}, timer_{strand},
          allowed_{whatsapp.version_lookup && whatsapp.version.empty() ? Allowed::yes
                                                                       : Allowed::no} {
        if (const auto configured = link::Version::parse(whatsapp.version)) {
            newest_ = *configured;
        }
    }

    link::Version newest() const {
        const std::scoped_lock lock{mutex_};
        return newest_;
    }

    void post_look() {
        boost::asio::post(strand_, [self = shared_from_this()] { self->look(); });
    }

    void post_start() {
        boost::asio::post(strand_, [self = shared_from_this()] { self->again(); });
    }

    void stop() {
        allowed_ = Allowed::no;
        timer_.cancel();
        fetch_.reset();
    }

private:
    enum class Allowed : std::uint8_t { no, yes };

    void look() {
        const Instant now = monotonic_now();
        if (fetch_) {
            return; // its end is told
        }
        if (allowed_ == Allowed::no || (looked_ && now < *looked_ + shortest)) {
            tell();
            return;
        }
        looked_ = now;
        fetch_ = net::PageFetch::start(strand_, endpoint_,
                                       [weak = weak_from_this()](const net::PageFetch::Page& page) {
                                           if (const std::shared_ptr<Impl> self = weak.lock()) {
                                               self->took(page);
                                           }
                                       });
    }

    void took(const net::PageFetch::Page& page) {
        boost::asio::post(strand_, [gone = std::shared_ptr{std::move(fetch_)}] {});
        if (!page) {
            log_.info("no answer to the version look-up: {}",
                      service::Word::of_literal(net::name_of(page.error().failure)));
            tell();
            return;
        }
        const Result<std::uint64_t> revision = link::revision_in(*page);
        const Result<link::Version> version =
            revision ? link::accept_revision(*revision) : Result<link::Version>{revision.error()};
        if (!version) {
            log_.info("the version look-up found nothing to use: {}", version.error());
            tell();
            return;
        }
        {
            const std::scoped_lock lock{mutex_};
            if (*version > newest_) {
                newest_ = *version;
                log_.info("the client version is {}.{}.{} now", version->primary,
                          version->secondary, version->tertiary);
            }
        }
        tell();
    }

    // After every look, also when it found nothing newer: who waits for one need not wait longer.
    void tell() { found_(newest()); }

    // The first look when the first connections stand, then once a day.
    void again() {
        timer_.expires_after(looked_ ? std::chrono::seconds{each} : std::chrono::seconds{30});
        timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& stopped) {
            const std::shared_ptr<Impl> self = weak.lock();
            if (!stopped && self && self->allowed_ == Allowed::yes) {
                self->look();
                self->again();
            }
        });
    }

    boost::asio::any_io_executor strand_;
    const net::Endpoint& endpoint_;
    service::Log& log_;
    Found found_;
    boost::asio::steady_timer timer_;
    Allowed allowed_;
    std::unique_ptr<net::PageFetch> fetch_;
    std::optional<Instant> looked_;
    mutable std::mutex mutex_;
    link::Version newest_ = link::built_in_version;
};

VersionLookup::VersionLookup(const boost::asio::any_io_executor& strand,
                             const net::Endpoint& endpoint, const config::Whatsapp& whatsapp,
                             service::Log& log, Found found)
    : impl_{std::make_shared<Impl>(strand, endpoint, whatsapp, log, std::move(found))} {}
VersionLookup::~VersionLookup() = default;
link::Version VersionLookup::newest() const { return impl_->newest(); }
void VersionLookup::wanted() { impl_->post_look(); }
void VersionLookup::start() { impl_->post_start(); }
void VersionLookup::stop() { impl_->stop(); }

} // namespace vestari::daemon
