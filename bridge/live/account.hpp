// One linked account as a state machine without input or output of its own: bytes, orders and time go in; bytes, deadlines and events
// come out.
//
//     driver:  keep a socket open exactly while wants_connection(); tell opened / received / closed; after EVERY call write what
//              take_output() gives, look at wants_connection() and wake_at(), and call tick() then. When wants_connection() turns false,
//              close the socket (after writing) and tell closed(by_us): the next attempt waits for that. Also tell closed() of an
//              attempt that never opened.
//
// Invariants  everything that leaves has passed outbound::Port; the two handshake frames are the only exception. What a stanza brought is
//             durable before it is cleared. Same inputs, same outputs, but for keys and nonces. At most one socket at a time.
//             After it came to rest (logged_out, banned, replaced, refused, outdated, a defect) nothing connects until the operator acts;
//             received data and keys stay.
// Threads     one strand; an Observer is called from inside a call and must not call back.
// Errors      orders: LiveErrc, LinkErrc. The outside's wrongs become states and warnings. StoreErrc is thrown only by the constructor, link and
//             unlink; elsewhere a failing disk closes the connection, warns, and is tried again.
// Source      wire/10-connection.md sections 7 to 13; SETTLED sections 5, 7 and 8.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridge/link/client_payload.hpp"
#include "bridge/link/version.hpp"
#include "bridge/live/observer.hpp"
#include "bridge/live/outside.hpp"
#include "bridge/live/state.hpp"
#include "vestari/base/clock.hpp"
#include "vestari/base/jid.hpp"
#include "vestari/base/result.hpp"
#include "vestari/config/config.hpp"
#include "vestari/event/envelope.hpp"

namespace vestari::store {
class SessionDatabase;
} // namespace vestari::store
namespace vestari::receive {
struct Captured;
} // namespace vestari::receive

namespace vestari::live {

enum class LiveErrc {
    already_linked = 1, // unlink first
    not_linked,
    not_connected, // WhatsApp could not be told: try again when it is connected
    busy,          // linking already
    shut_by_guard  // until the bridge is restarted
};
std::string_view describe(LiveErrc error) noexcept;
inline ErrorCode make_error_code(LiveErrc e) noexcept {
    return make_code(e, category_of<LiveErrc>("live"));
}

struct Settings {
    std::string account;                  // its name in the configuration
    std::array<std::byte, 32> root_key{}; // of WhatsApp's certificates, or a test's
    link::Version version;                // configured or built in
    config::Receipts receipts = config::Receipts::inactive;
    bool retry_keys_at_first = false;
    std::uint64_t spool_max_bytes = config::default_spool_bytes;
    std::vector<event::Group> groups; // the include-list as Keys brought it
};

struct LinkOptions {
    link::History history = link::History::recent;
    std::string phone; // digits: ask for a code instead of a QR; empty: QR
};

struct GroupFreshness {
    std::string jid;
    std::optional<TimePoint> last_message_at;
    bool fresh = true;
    std::chrono::seconds usual_interval{0}; // 0: not known yet
};

struct GroupInfo {
    std::string jid;
    std::string name;
    std::uint32_t members = 0;
};

// Since the start of the process.
struct Totals {
    std::uint64_t connections = 0; // sockets that opened
    std::uint64_t logins = 0;
    std::uint64_t pings = 0;
    std::uint64_t sent = 0;     // stanzas
    std::uint64_t received = 0; // stanzas
    std::uint64_t pre_key_uploads = 0;
    std::uint64_t protocol_errors = 0;
};

struct Status {
    StateChange state;
    std::optional<Jid> me_pn;
    std::optional<Jid> me_lid;
    std::optional<TimePoint> linked_since;
    std::optional<TimePoint> phone_last_seen;
    std::vector<Warning> warnings;
    std::vector<GroupFreshness> groups;        // of the include-list
    std::chrono::milliseconds clock_offset{0}; // the server's time minus ours
    Totals totals;
};

class Account {
public:
    Account(Settings settings, store::SessionDatabase& database, Lease& lease, const Clock& clock,
            Random& random, Observer& observer, Instant now);
    Account(const Account&) = delete;
    Account& operator=(const Account&) = delete;
    ~Account();

    // The driver's side.
    bool wants_connection() const;
    Instant wake_at() const; // Instant::max(): not before something else happens
    void tick(Instant now);
    void opened(Instant now);
    void received(BytesView bytes, Instant now);
    void closed(const CloseInfo& info, Instant now);
    Bytes take_output();
    void
    rest(); // quiet for a while: what was kept to be quick is wiped and given back; nothing if it is not quiet
    bool reading_paused() const; // the spool is full: leave what comes in the socket
    void shut_down(Instant now); // commits, clears; afterwards wants_connection() is false for good

    // Orders.
    [[nodiscard]] Result<> link(const LinkOptions& options, Instant now);
    void cancel_link(Instant now);
    [[nodiscard]] Result<> unlink(Instant now);
    void set_groups(std::vector<event::Group> groups, Instant now); // the include-list
    void reconnect(Instant now);
    void version_found(const link::Version& version, Instant now);
    void spool_shrank(Instant now); // ingest acknowledged

    // Called with every decrypted message of an included group, for `vestari capture`; empty: nobody captures.
    void set_capture(std::function<void(const receive::Captured&)> capture);

    Status status() const;
    const std::vector<GroupInfo>& groups() const; // all that the account is in; in memory only

private:
    std::unique_ptr<class Machine> machine_;
};

} // namespace vestari::live

template <> struct boost::system::is_error_code_enum<vestari::live::LiveErrc> : std::true_type {};
