#include "bridge/daemon/account/runner.hpp"

#include <algorithm>
#include <chrono>

#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include "bridge/daemon/account/runner_impl.hpp"
#include "bridge/daemon/control/json.hpp"
#include "vestari/base/version.hpp"

namespace vestari::daemon {

namespace {

constexpr std::chrono::seconds quiet{3};

std::vector<event::Group> only_included(std::vector<event::Group> groups) {
    std::erase_if(groups, [](const event::Group& group) { return !group.included; });
    return groups;
}

ErrorCode code_of(const std::exception_ptr& why) noexcept {
    try {
        std::rethrow_exception(why);
    } catch (const boost::system::system_error& error) {
        return error.code();
    } catch (const std::bad_alloc&) {
        return ErrorCode{ENOMEM, boost::system::generic_category()};
    } catch (...) {
        return store::StoreErrc::other;
    }
}

} // namespace

Runner::Impl::Impl(boost::asio::any_io_executor strand, const Context& context,
                   config::Account account)
    : strand_{std::move(strand)}, context_{context}, account_{std::move(account)},
      log_{context.log, account_.name}, waiting_since_{context.clock.now()}, unlink_late_{strand_} {
}

void Runner::Impl::guarded(const std::function<void()>& what) {
    try {
        what();
    } catch (...) {
        failed(std::current_exception());
    }
}

void Runner::Impl::attach(Arrival arrival) {
    if (phase_ == Phase::stopped) {
        wipe_keys(arrival.keys);
        return;
    }
    if (opened_ && opened_->id() != arrival.keys.account_id) {
        wipe_keys(arrival.keys);
        log_.event(service::Level::error, {}, "keys of another account were handed over: refused");
        context_.note({.what = "foreign_keys",
                       .by = {},
                       .account = account_.name,
                       .values = 0,
                       .note = "keys of another account were handed over and refused"});
        return; // the line closes
    }
    if (opened_) {
        wipe_keys(arrival.keys);
        set_included(only_included(std::move(arrival.keys.groups)));
    } else {
        arrival.keys.groups = only_included(std::move(arrival.keys.groups));
        included_ = arrival.keys.groups;
        if (!open(arrival.keys)) {
            return;
        }
    }
    greet(std::move(arrival.line));
}

bool Runner::Impl::open(event::Keys& keys) {
    try {
        Result<std::unique_ptr<Opened>> opened =
            Opened::open(context_, account_, keys, static_cast<live::Observer&>(*this));
        if (!opened) {
            wipe_keys(keys);
            take_down(opened.error());
            return false;
        }
        opened_ = std::move(*opened);
    } catch (...) { // this account's failure stays its own
        wipe_keys(keys);
        take_down(code_of(std::current_exception()));
        return false;
    }
    down_.reset();
    start_driving();
    return static_cast<bool>(opened_);
}

void Runner::Impl::start_driving() {
    handover_ = std::make_unique<Handover>(
        strand_, opened_->window(),
        HandoverHooks{.group = [this](const event::Group& group) { include(group); },
                      .shrank =
                          [this](std::uint64_t envelopes) {
                              handed_over_ += envelopes;
                              turn([](live::Account& account, Instant now) {
                                  account.spool_shrank(now);
                              });
                          },
                      .lost =
                          [this](ErrorCode why) {
                              if (why) {
                                  log_.event(service::Level::error, {},
                                             "the pipe is closed, spooling goes on: {}", why);
                              } else {
                                  log_.event(service::Level::warning, {},
                                             "ingest has gone: spooling goes on");
                              }
                          }});
    driver_ = std::make_unique<Driver>(
        strand_, context_.endpoint, opened_->account(), log_,
        DriverHooks{.turned =
                        [this] {
                            tell_ingest_who_we_are();
                            tell_ingest_names();
                            settle_unlink();
                            handover_->pump();
                        },
                    .failed = [this](const std::exception_ptr& why) { failed(why); }});
    log_.event(service::Level::info, {}, "keys are here: the session database is open");
    turn([](live::Account& account, Instant now) { account.tick(now); });
}

// The Driver is in the middle of a call: it goes when that is over.
void Runner::Impl::failed(const std::exception_ptr& why) {
    boost::asio::post(strand_, [weak = weak_from_this(), code = code_of(why)] {
        if (const std::shared_ptr<Impl> self = weak.lock()) {
            self->take_down(code);
        }
    });
}

// Ingest sees its line close, comes back after a while with the keys, and the account is opened again.
void Runner::Impl::take_down(ErrorCode why) {
    driver_.reset();
    handover_.reset();
    opened_.reset();
    if (phase_ == Phase::stopped) {
        return;
    }
    const bool again = down_ && down_->why == why;
    down_ = Down{why, again ? down_->since : context_.clock.now()};
    end_link("account_down", why.message());
    give_up_unlink();
    end_captures();
    log_.event(service::Level::error, {"b5bd20dd4ed446d0b52eb6f4b6d2b1a7"},
               "the account is down: {}", why);
    if (!again) {
        context_.events.publish(account_.name, state_event(account_.name, state()),
                                context_.clock.now());
    }
}

void Runner::Impl::turn(const std::function<void(live::Account&, Instant)>& call) {
    if (driver_) {
        driver_->turn(call);
    }
}

void Runner::Impl::greet(Line::Parts line) {
    if (!handover_) {
        return; // it failed meanwhile
    }
    handover_->connect(std::move(line));
    names_ = Told::not_yet;
    me_ = Told::yes;
    handover_->send(hello());
    turn([](live::Account& account, Instant now) { account.tick(now); });
}

event::Hello Runner::Impl::hello() const {
    const live::Status status = opened_->account().status();
    return {.protocol = event::protocol_version,
            .program = "vestari-bridge " + std::string{version},
            .account = account_.name,
            .me_pn = status.me_pn ? status.me_pn->to_string() : std::string{},
            .me_lid = status.me_lid ? status.me_lid->to_string() : std::string{},
            .default_currency = {}};
}

// Once more when it has changed: linked, unlinked, the LID learnt.
void Runner::Impl::tell_ingest_who_we_are() {
    if (handover_ && handover_->connected() && me_ == Told::not_yet) {
        me_ = Told::yes;
        handover_->send(hello());
    }
}

// A group is told before its first envelope: all included ones when ingest comes, and on every change.
void Runner::Impl::tell_ingest_names() {
    if (!handover_ || !handover_->connected() || names_ == Told::yes) {
        return;
    }
    names_ = Told::yes;
    const std::vector<live::GroupInfo>& known = opened_->account().groups();
    for (event::Group& group : included_) {
        const auto info = std::ranges::find(known, group.jid, &live::GroupInfo::jid);
        if (info != known.end() && !info->name.empty()) {
            group.name = info->name;
        }
        handover_->send(group);
    }
}

void Runner::Impl::include(const event::Group& group) {
    std::vector<event::Group> groups = included_;
    std::erase_if(groups, [&group](const event::Group& one) { return one.jid == group.jid; });
    if (group.included) {
        groups.push_back(group);
    }
    set_included(std::move(groups));
}

void Runner::Impl::set_included(std::vector<event::Group> groups) {
    included_ = std::move(groups);
    names_ = Told::not_yet;
    turn([this](live::Account& account, Instant now) { account.set_groups(included_, now); });
}

bool Runner::Impl::rest_if_quiet() {
    if (!opened_) {
        return false;
    }
    const Instant now = monotonic_now();
    if (const std::uint64_t uses = opened_->database().uses(); uses != uses_) {
        uses_ = uses;
        quiet_since_ = now;
        return false;
    }
    if (!quiet_since_ || now - *quiet_since_ < quiet) {
        return false;
    }
    quiet_since_.reset(); // until somebody asks again
    opened_->account().rest();
    return true;
}

void Runner::Impl::stop() {
    phase_ = Phase::stopped;
    end_link("stopping", "start vestari-bridge again");
    end_captures();
    give_up_unlink();
    if (driver_) {
        driver_->stop();
    }
    if (handover_) {
        handover_->stop();
    }
}

Runner::Runner(const boost::asio::any_io_executor& strand, const Context& context,
               config::Account account)
    : impl_{std::make_shared<Impl>(strand, context, std::move(account))} {}
Runner::~Runner() = default;

const std::string& Runner::name() const noexcept { return impl_->name(); }

void Runner::on_strand(std::function<void(Runner&)> what) {
    boost::asio::post(impl_->strand(), [this, keep = impl_, what = std::move(what)] {
        keep->guarded([&] { what(*this); }); // Runners go after the last handler has run
    });
}

void Runner::attach(Arrival arrival) { impl_->attach(std::move(arrival)); }
bool Runner::rest_if_quiet() { return impl_->rest_if_quiet(); }
void Runner::stop() { impl_->stop(); }
boost::json::object Runner::status() { return impl_->status(); }
Figures Runner::figures() { return impl_->figures(); }
void Runner::list_groups(const service::Answer& answer) { impl_->list_groups(answer); }
void Runner::link(const live::LinkOptions& options, const service::Answer& answer) {
    impl_->link(*this, options, answer);
}
void Runner::unlink(const service::Answer& answer) { impl_->unlink(answer); }
void Runner::reconnect(const service::Answer& answer) { impl_->reconnect(answer); }
void Runner::capture(const service::Answer& answer) { impl_->capture(answer); }
void Runner::version_found(const link::Version& version) {
    impl_->turn(
        [&version](live::Account& account, Instant now) { account.version_found(version, now); });
}

} // namespace vestari::daemon
