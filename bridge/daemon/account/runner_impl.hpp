// The inside of a Runner, in three files: what happens (runner.cpp), what is observed (observing.cpp), what is asked (asking.cpp).
// For bridge/daemon/account only.
//
// Threads     the account's strand.
#pragma once

#include <optional>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "bridge/daemon/account/driver.hpp"
#include "bridge/daemon/account/runner.hpp"
#include "bridge/daemon/capture/capture.hpp"
#include "bridge/daemon/opening/opened.hpp"
#include "bridge/daemon/pipe/handover.hpp"

namespace vestari::daemon {

class Runner::Impl final : public std::enable_shared_from_this<Impl>, private live::Observer {
public:
    Impl(boost::asio::any_io_executor strand, const Context& context, config::Account account);

    const std::string& name() const noexcept { return account_.name; }
    const boost::asio::any_io_executor& strand() const noexcept { return strand_; }

    // runner.cpp
    void guarded(
        const std::function<void()>& what); // an exception takes this account down, and no other
    void attach(Arrival arrival);
    bool rest_if_quiet();
    void stop();
    void turn(const std::function<void(live::Account&, Instant)>& call);

    // asking.cpp
    boost::json::object status();
    boost::json::object full_status();
    Figures figures();
    void list_groups(const service::Answer& answer);
    void link(Runner& self, const live::LinkOptions& options, const service::Answer& answer);
    void cancel_link(const service::Answer& answer);
    void unlink(const service::Answer& answer);
    void reconnect(const service::Answer& answer);
    void capture(const service::Answer& answer);

private:
    // Why the account is down although ingest has handed its keys over.
    struct Down {
        ErrorCode why;
        TimePoint since;
    };

    bool open(event::Keys& keys);
    void start_driving();
    void take_down(ErrorCode why);
    void failed(const std::exception_ptr& why);
    void greet(Line::Parts line);
    event::Hello hello() const;
    void include(const event::Group& group);
    void set_included(std::vector<event::Group> groups);
    void tell_ingest_who_we_are();
    void tell_ingest_names();
    void settle_unlink();
    void give_up_unlink();
    void end_link(std::string_view error, std::string_view next);
    live::StateChange state() const;
    boost::json::object counts();
    boost::json::object down_warning() const;
    void captured(const receive::Captured& message);
    void end_captures();

    void state_changed(const live::StateChange& change) override;
    void link_event(const link::LinkEvent& event) override;
    void warning(const live::Warning& warning) override;
    void warning_ended(std::string_view code) override;
    void spooled() override {} // looked at after every turn
    void groups_changed() override;
    void version_wanted() override;
    void audit(const live::AuditEntry& entry) override;

    boost::asio::any_io_executor strand_;
    Context context_;
    config::Account account_;
    service::Log::OfAccount log_;
    TimePoint waiting_since_;
    std::optional<Down> down_;
    std::unique_ptr<Opened> opened_;
    std::unique_ptr<Handover> handover_;
    std::unique_ptr<Driver> driver_;
    std::vector<event::Group> included_;
    enum class Told : std::uint8_t { yes, not_yet };
    Told me_ = Told::yes;    // ingest knows who we are
    Told names_ = Told::yes; // and the names of the included groups
    std::uint64_t handed_over_ = 0;
    std::uint64_t uses_ = 0; // of the database, when it was looked at last
    std::optional<Instant> quiet_since_;
    service::Answer linking_; // who watches a link attempt
    std::vector<service::Answer> unlinking_;
    enum class Unlink : std::uint8_t {
        open,
        failed
    } unlink_ = Unlink::open; // of the attempt under way
    boost::asio::steady_timer unlink_late_;
    std::vector<service::Answer> capturing_;
    std::optional<Pseudonyms> pseudonyms_;
    enum class Phase : std::uint8_t { running, stopped } phase_ = Phase::running;
};

} // namespace vestari::daemon
