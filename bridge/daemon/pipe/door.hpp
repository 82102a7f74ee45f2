// Where ingest knocks: accepts connections on pipe.sock, checks who it is, waits for its keys, and hands it on.
//
// Invariants  only our own user and vestari-ingest get in. At most `max_waiting` have yet to say their keys, each for `patience`.
// Threads     the executor's strand.
// Errors      open: SocketErrc. A knock that comes to nothing is told to `refused` with a word and the peer.
// Source      SETTLED sections 1 and 8, DESIGN 3.4.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

#include "bridge/daemon/account/runner.hpp"
#include "vestari/service/log.hpp"
#include "vestari/service/process/unix_socket.hpp"

namespace vestari::daemon {

struct DoorHooks {
    std::function<void(Arrival)> arrived;
    std::function<void(service::Word, const service::Peer&)> refused;
};

class Door {
public:
    static constexpr std::size_t max_waiting = 64;
    static constexpr std::chrono::seconds patience{10};

    [[nodiscard]] static Result<std::unique_ptr<Door>>
    open(const boost::asio::any_io_executor& strand, const std::filesystem::path& socket,
         DoorHooks hooks);
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;
    ~Door();

private:
    class Impl;
    explicit Door(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

} // namespace vestari::daemon
