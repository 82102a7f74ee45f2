// One socket's life from opened to closed: its line, its requests, its keep-alive, its share of the offline queue.
//
// Invariants  what is sent goes through the line's Port. The first error of a send is kept, and nothing is sent after it.
// Threads     one owner.
// Errors      error(): the owner closes the socket.
// Source      wire/10-connection.md sections 9 and 10.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "bridge/live/session/keep_alive.hpp"
#include "bridge/live/session/line.hpp"
#include "bridge/live/session/offline_queue.hpp"
#include "bridge/live/session/requests.hpp"

namespace vestari::live {

class Connection {
public:
    static constexpr std::chrono::seconds hello_patience{20}; // for the server's hello
    static constexpr std::chrono::seconds login_patience{60}; // from the hello to <success>

    enum class Phase : std::uint8_t { hello, before_login, logged_in };

    Connection(std::uint64_t number, Line::Identity identity, Random& random, Instant now);

    void send(const outbound::Outbound& stanza);

    // `make`: the stanza with this id. The addressee is the server unless said otherwise.
    template <class Make>
    void ask(Ask what, Instant now, Make&& make, std::string_view addressee = server::phone,
             std::chrono::milliseconds wait = Requests::patience) {
        send(make(requests.open(what, addressee, now, wait)));
    }

    void handshake_done(Instant now); // the line is established
    void logged_in(Instant now);
    // Somebody is shown a code, so <success> is not waited for.
    void wait_for_people() noexcept { login_by_ = Instant::max(); }
    bool late(Instant now) const noexcept { return now >= login_by_; }
    Instant wake_at() const noexcept;

    ErrorCode error() const noexcept { return error_; }
    Phase phase() const noexcept { return phase_; }
    std::optional<Instant> logged_in_at() const noexcept { return logged_in_at_; }
    std::uint64_t sent() const noexcept { return sent_; }
    std::uint64_t number() const noexcept { return number_; }

    Line line;
    Requests requests;
    KeepAlive keep_alive;
    OfflineQueue offline;

private:
    std::uint64_t number_;
    Phase phase_ = Phase::hello;
    Instant login_by_;
    std::optional<Instant> logged_in_at_;
    std::uint64_t sent_ = 0;
    ErrorCode error_;
};

} // namespace vestari::live
