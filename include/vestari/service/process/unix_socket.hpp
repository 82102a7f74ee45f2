// Unix stream sockets of ours: listening on a path that only the right people reach, connecting, and who is at the other end.
//
// Invariants  the socket file never exists with wider permissions than asked for. A stale file is replaced; one that somebody
//             listens on is left alone, and so is anything that is no socket. Two processes cannot both win: a lock file beside
//             the socket (PATH.lock) is held as long as the listener lives. Descriptors are close-on-exec and non-blocking.
// Threads     values with one owner.
// Errors      SocketErrc.
// Source      unix(7): SO_PEERCRED, SO_PEERGROUPS; SETTLED section 8 (mode 0660, group vestari).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "vestari/base/descriptor.hpp"
#include "vestari/base/result.hpp"

namespace vestari::service {

enum class SocketErrc {
    in_use = 1,
    not_a_socket,
    path_too_long,
    not_permitted,
    nobody_listens,
    failed
};
std::string_view describe(SocketErrc error) noexcept;
inline ErrorCode make_error_code(SocketErrc e) noexcept {
    return make_code(e, category_of<SocketErrc>("socket"));
}

struct Peer {
    uid_t uid = 0;
    gid_t gid = 0;
    pid_t pid = 0;
};
[[nodiscard]] Result<Peer> peer_of(int socket);

// The user of that name, where the machine has one.
std::optional<uid_t> uid_of(const std::string& user);
// Our own user, or one of the named users: what the two ends of the pipe ask of each other.
bool is_one_of_us(const Peer& peer, std::initializer_list<const char*> users);

struct ListenOptions {
    std::filesystem::path path;
    mode_t mode = 0660;
    std::string group = "vestari"; // given to the socket where the machine has it
    int backlog = 64;
};

class UnixListener {
public:
    [[nodiscard]] static Result<UnixListener> open(const ListenOptions& options);
    UnixListener(UnixListener&& other) noexcept;
    UnixListener& operator=(UnixListener&&) = delete;
    ~UnixListener(); // takes the socket's file away

    int descriptor() const noexcept { return socket_.get(); }
    // A connection that waits, non-blocking; negative when there is none.
    Descriptor accept() const noexcept;
    // May this peer speak to us? Root, our own user and members of the socket's group.
    bool admits(int connection) const;

private:
    UnixListener() = default;
    std::filesystem::path path_;
    Descriptor lock_;
    Descriptor socket_;
    gid_t group_ = 0;
};

[[nodiscard]] Result<Descriptor> connect_unix(const std::filesystem::path& path); // non-blocking

} // namespace vestari::service

template <>
struct boost::system::is_error_code_enum<vestari::service::SocketErrc> : std::true_type {};
