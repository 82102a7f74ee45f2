// What an Account does: its schedule, its one connection, and the components that work over it. account.hpp is the guide.
//
//     connecting.cpp   when a socket is wanted           traffic.cpp   stanzas of the session itself
//     lost.cpp         what the end of one means         upkeep.cpp    batches, notices, groups
//     linking.cpp      QR, code, pair-success, unlink    time.cpp      deadlines, freshness, status
//
// Invariants  a connection exists exactly between opened() and drop(); after drop() nothing more is read or sent on it. No transaction
//             is open when a component that writes is called.
// Threads     one strand.
// Errors      guarded() turns StoreErrc into storage_failed(): nothing is cleared, and the disk is tried every two seconds.
#pragma once

#include <functional>

#include "bridge/link/attempt_limit.hpp"
#include "bridge/link/pair_code.hpp"
#include "bridge/link/pair_success.hpp"
#include "bridge/link/qr.hpp"
#include "bridge/live/account.hpp"
#include "bridge/live/keys/pre_key_upkeep.hpp"
#include "bridge/live/policy/back_off.hpp"
#include "bridge/live/policy/failures.hpp"
#include "bridge/live/policy/poison.hpp"
#include "bridge/live/session/connection.hpp"
#include "bridge/live/watch/freshness.hpp"
#include "bridge/live/watch/group_directory.hpp"
#include "bridge/live/watch/warnings.hpp"
#include "bridge/receive/inbox.hpp"
#include "bridge/wire/decoder.hpp"
#include "bridge/wire/root_reader.hpp"

namespace vestari::live {

// Words that more than one file says.
extern const Reason logged_in;
extern const Reason code_refused;

class Machine {
public:
    Machine(Settings settings, store::SessionDatabase& database, Lease& lease, const Clock& clock,
            Random& random, Observer& observer, Instant now);

    bool wants_connection() const noexcept { return wants_; }
    Instant wake_at() const;
    void tick(Instant now);
    void opened(Instant now);
    void received(BytesView bytes, Instant now);
    void closed(const CloseInfo& info, Instant now);
    Bytes take_output();
    bool reading_paused() const noexcept { return held_.has_value(); }
    void shut_down(Instant now);
    void rest();

    Result<> link(const LinkOptions& options, Instant now);
    void cancel_link(Instant now);
    Result<> unlink(Instant now);
    void set_groups(std::vector<event::Group> groups, Instant now);
    void reconnect(Instant now);
    void version_found(const link::Version& version, Instant now);
    void spool_shrank(Instant now);
    void set_capture(std::function<void(const receive::Captured&)> capture);

    Status status() const;
    const std::vector<GroupInfo>& groups() const noexcept { return directory_.groups(); }

private:
    enum class Mode : std::uint8_t { resting, linking, running };
    enum class Socket : std::uint8_t { none, wanted, open }; // as the driver has it

    struct Attempt { // to link
        LinkOptions options;
        link::DeviceSecrets device;
        Instant until;
        std::optional<link::Refs> refs;
        std::string shown;                  // the reference that stands in the QR
        std::optional<link::PairCode> code; // in place of a QR
        enum class Hello : std::uint8_t { unsent, sent } hello = Hello::unsent;
        enum class Step : std::uint8_t { waiting, paired } step = Step::waiting;
    };

    // connecting.cpp and lost.cpp
    void start(Instant now); // from what is stored
    void connect_after(std::chrono::milliseconds wait, Instant now);
    void try_to_connect(Instant now);
    Line::Identity identity();
    void drop(const Failure& failure, Instant now);
    void leave_connection(Instant now);
    void decide(const Failure& failure, Instant now);
    void wait_and_retry(const Failure& failure, Instant now);
    void outdated(const Failure& failure, Instant now);
    void ban(const Failure& failure, Instant now);
    void stop(const Failure& failure, Instant now);
    void handshake_failed(ErrorCode error, Instant now);
    void integrity_failed(std::string_view stanza, Instant now);
    void send_failed(Instant now);
    void connection_timers(Instant now);
    void storage_failed(ErrorCode error, Instant now);
    void abandon_connection();
    void try_the_disk(Instant now);
    void set_state(State state, const Reason& why, std::optional<TimePoint> until = {});
    template <class Do> void guarded(Instant now, Do&& act) {
        try {
            act();
        } catch (const boost::system::system_error& error) {
            storage_failed(error.code(), now);
        }
    }

    // traffic.cpp
    void read(Instant now);
    enum class Go : std::uint8_t { on, stop };
    Go take(Bytes frame, Instant now);
    Go to_inbox(Bytes frame, const wire::Node& root, Instant now);
    void session_stanza(const wire::Node& stanza, Instant now);
    void iq(const wire::Node& stanza, Instant now);
    void answered(const Answer& answer, const wire::Node* stanza, Instant now);
    void ib(const wire::Node& stanza, Instant now);
    void dirty(const wire::Node& bit, Instant now);
    void success(const wire::Node& stanza, Instant now);
    void learn_time(std::optional<std::uint64_t> server_seconds, Instant asked_at, Instant now);

    // linking.cpp
    bool credentials_are_dead() const noexcept;
    void pair_device(const wire::Node& stanza, Instant now);
    void pair_success(const wire::Node& stanza, Instant now);
    void rotate_qr(Instant now);
    void begin_code(Instant now);
    void code_typed(const wire::Node& notification, Instant now);
    void link_failed(link::Failure why, State rest, const Reason& reason);
    void link_timers(Instant now);
    void passkey_wanted();
    void forget_device(Instant now);
    void unlink_answered(const Answer& answer, Instant now);

    // upkeep.cpp and time.cpp
    void make_inbox();
    route::IncludeList listed() const;
    void include_groups();
    void batch_due(Instant now);
    void commit(Instant now);
    void settle(Instant now); // after every call
    void notices(Instant now);
    void notice(const receive::Notice& notice, Instant now);
    void trouble(receive::notice::Trouble::What what);
    void go_active(Instant now);
    void upkeep_timers(Instant now);
    void judge_freshness(Instant now);
    Instant inbox_wake_at() const;
    receive::InboxOptions inbox_options() const;

    Settings settings_;
    store::SessionDatabase& database_;
    Lease& lease_;
    const Clock& clock_;
    Random& random_;
    Observer& observer_;
    Instant now_; // of the last call

    Mode mode_ = Mode::resting;
    StateChange state_;
    Warnings warnings_;
    Totals totals_;
    std::optional<link::Linked> linked_;
    std::optional<TimePoint> phone_last_seen_;
    std::chrono::milliseconds clock_offset_{0};

    // the schedule
    Socket socket_ = Socket::none;
    bool wants_ = false;
    Instant connect_at_ = Instant::max();
    Instant try_disk_at_ = Instant::max();
    BackOff back_off_;
    Poison poison_;
    std::optional<Instant> last_restart_;          // 515
    std::optional<link::Version> refused_version_; // 405
    Instant version_by_ = Instant::max();          // somebody is looking it up
    std::uint32_t unknown_failures_ = 0;
    std::uint32_t malformed_ = 0;
    std::uint32_t handshakes_failed_ = 0;
    std::uint32_t routed_failures_ = 0;
    std::uint32_t attempts_failed_ = 0;
    enum class Shut : std::uint8_t { no, guard, process } shut_ = Shut::no;

    // the connection
    std::uint64_t connections_ = 0;
    std::optional<Connection> connection_;
    Bytes output_; // of connections that are gone
    wire::RootReader roots_;
    wire::Decoder decoder_;
    std::optional<Bytes> held_; // a frame that the spool had no room for
    Instant batch_until_ = Instant::max();
    Instant last_batch_ = Instant::min(); // when one was committed last
    bool active_ = false;                 // asked for delivery
    bool unlinking_ = false;

    // what works over it
    std::optional<receive::Inbox> inbox_;
    route::IncludeList included_;
    bool groups_stale_ = false; // the include-list could not be applied yet
    std::function<void(const receive::Captured&)> capture_;
    PreKeyUpkeep pre_keys_;
    GroupDirectory directory_;
    Freshness freshness_;
    Instant judge_at_;
    Instant housekeeping_at_;
    bool forced_ = false; // a reconnect, since the groups last spoke
    link::AttemptLimit attempts_;
    std::optional<Attempt> attempt_;
};

} // namespace vestari::live
