// A WhatsApp service in miniature, for tests: phones that link clients, logins, an offline queue, groups whose members encrypt as
// real devices do, and a referee that judges every frame that a client of ours sends.
//
// sans-IO: a driver hands in what a socket reads and the time, and takes out what it shall write. `vestari-sim` drives it on real
// sockets; the deterministic simulation drives it and a bridge in one loop.
//
// Invariants  no clock, no socket, no thread inside; the same seed and the same calls give the same event log (keys and ciphertext
//             aside, which the log does not hold). Nothing that is shipped links this.
// Threads     one owner.
// Errors      orders that make no sense throw std::invalid_argument with a sentence; what a client does wrong is recorded.
// Source      wire/10-connection.md, wire/20-messages.md: the server's side.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/sim/faults/fault.hpp"
#include "tests/sim/groups/order.hpp"
#include "tests/sim/referee/report.hpp"
#include "vestari/base/bytes.hpp"
#include "vestari/base/clock.hpp"

namespace vestari::sim {

struct World;
struct Dictionary;

enum class Ending : std::uint8_t { none, close, reset }; // reset: without a WebSocket close

// The server's end of one connection.
class Link {
public:
    Link() = default;
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    virtual ~Link() = default;

    virtual void received(BytesView bytes, Instant now) = 0;
    // WebSocket messages to write, in order. Ask after every call to this link or the service.
    virtual std::vector<Bytes> take_output() = 0;
    // What to do with the socket once the output is written.
    virtual Ending ending() const = 0;
    // The socket is gone. The last call: the link is freed with the next call to the service.
    virtual void closed(Instant now) = 0;
};

struct Options {
    std::uint64_t seed = 1;
    TimePoint wall_start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
    Instant start{};                   // what `now` means at wall_start
    std::uint32_t oldest_revision = 0; // clients below 2.3000.N get failure 405
    bool waits_for_batches = false; // the queue is delivered in portions that the client asks for
    bool plain_acks_clear =
        true; // false: an ordinary message wants its receipt (wire/10 section 11.4)
    std::chrono::seconds ack_deadline{
        0}; // 0: never; else a stream error names what stays uncleared
    std::chrono::seconds ping_interval{0}; // pings from the server; 0: none
    // Between the client's part of the handshake and the answer to it. A network has one, and some clients need it.
    std::chrono::milliseconds answers_after{0};
    std::shared_ptr<const Dictionary>
        older; // of clients that say dictionary version 2; none: they are refused
    std::size_t low_pre_keys = 10; // below it the server says so
};

struct QueueCounts {
    std::size_t undelivered = 0; // waiting for a connection
    std::size_t uncleared = 0;   // delivered, and neither acknowledged nor receipted
};

enum class Scanned : std::uint8_t { linking, bad_text, unknown_ref, keys_differ };

struct PersonView {
    std::string name, pn, lid;
};

// What a linked client looks like from the server.
struct LinkedDevice {
    std::string person;
    std::string pn, lid; // with the device number
    bool online = false;
    bool active = false; // has said so on this connection
    std::size_t pre_keys = 0;
    std::size_t logins = 0;
    std::uint64_t histories_handled = 0; // hist_sync receipts
};

class Service {
public:
    explicit Service(const Options& options);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    // A client that trusts this key accepts the certificates of every connection.
    std::array<std::byte, 32> root_key() const;

    Link& connect(Instant now);
    // False while the service is told to refuse: a driver answers the WebSocket upgrade with 503, or cuts the connection.
    bool accepts_connections();
    void tick(Instant now);
    Instant next_event_at() const; // Instant::max(): nothing is due

    // Phones. The first person, "owner", is the account under test; the referee judges the clients linked to it.
    void add_person(const std::string& name);
    void judge(const std::string& person); // its clients are ours too
    Scanned scan(std::string_view qr, const std::string& person = "owner");
    // Types an eight-character code, with or without its dash. False: no client asked for that phone number.
    bool enter_code(std::string_view phone, std::string_view code);
    void remove_device(const std::string& person); // the owner unlinks all companions on the phone
    std::vector<PersonView> people() const;

    // Groups and what is said in them.
    std::string add_group(const GroupSpec& spec); // its JID
    void tell_of_group(const std::string& jid);   // its members' clients hear that it was made
    std::vector<GroupView> groups() const;
    std::vector<std::string> post(const PostOrder& order); // message ids
    std::string send_history(const HistoryOrder& order);   // the id of the phone's notification
    const std::vector<Posted>& posted() const;             // everything ever posted, in order
    // What the media host serves; empty optional: no such path.
    std::optional<Bytes> media(std::string_view path) const;

    // Trouble.
    Faults& faults();
    void strike_now(); // lets what is armed happen without waiting for the client
    void disconnect(); // every client, without a word
    void stream_error(const StreamError& error); // to every client that is logged in
    void fail_next_login(const LoginFailure& failure);

    // What happened.
    QueueCounts queue(const std::string& person = "owner") const;
    std::vector<LinkedDevice> devices() const;
    Report referee() const;
    // What a driver saw a client of ours do that it must not: an upload, a request to a foreign host.
    void report_forbidden(std::string_view why, const std::string& what);
    std::vector<std::string>
    oddities() const;             // queries answered without being understood, and refused ones
    std::string log_hash() const; // of the event log up to here
    const std::vector<std::string>& log() const;

private:
    void settle();
    std::unique_ptr<World> world_;
};

} // namespace vestari::sim
