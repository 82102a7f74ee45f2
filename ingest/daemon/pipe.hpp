// Carries one account's frames between the bridge's pipe.sock and its archive: connects, says the keys, takes what comes,
// acknowledges what is durable, and connects again when the bridge goes.
//
// Invariants  the peer is root, our own user or vestari-bridge, or nothing is said to it. Keys are wiped once they are written.
//             What was read is handed on before more is read, so a slow disk holds the bridge back and not our memory. Waiting
//             for a bridge that is not there never spins: 50 ms, doubling up to a second; after a failure of the archive, or of
//             what the bridge says, a second, doubling up to 30.
// Threads     the io_context's, one.
// Errors      none leave: they are told as News.
// Source      DESIGN 3.4, SETTLED sections 1 and 8.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "ingest/daemon/account.hpp"

namespace boost::asio {
class io_context; // NOLINT(readability-identifier-naming): theirs
} // namespace boost::asio

namespace vestari::ingest::daemon {

class Pipe {
public:
    enum class News : std::uint8_t {
        connected,      // Hello was read
        waiting,        // the bridge is not there, or has gone
        foreign_peer,   // somebody else listens where the bridge should
        refused,        // what the bridge sent cannot be taken: the error says why
        storage_failed, // nothing is acknowledged until the archive takes it
        storage_works,  // again
    };
    using Listener = std::function<void(News, ErrorCode)>; // called once for each change

    Pipe(boost::asio::io_context& io, std::filesystem::path socket, Account& account,
         Listener listener);
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe();

    void start();
    void send(
        const event::Frame& frame); // lost while there is no bridge: it gets the list with its keys
    void stop();                    // commits, acknowledges, closes; nothing happens afterwards
    bool connected() const noexcept;
    std::uint64_t connections() const noexcept; // since the start

private:
    class Line;
    std::shared_ptr<Line> line_;
};

} // namespace vestari::ingest::daemon
