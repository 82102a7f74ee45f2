#include "vestari/service/process/unix_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace vestari::service {

namespace {

std::optional<gid_t> gid_of(const std::string& name) {
    group entry{};
    group* found = nullptr;
    std::array<char, 16'384> space{};
    if (::getgrnam_r(name.c_str(), &entry, space.data(), space.size(), &found) != 0 ||
        found == nullptr) {
        return std::nullopt;
    }
    return entry.gr_gid;
}

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string& text = path.native();
    if (text.empty() || text.size() >= sizeof address.sun_path) {
        return SocketErrc::path_too_long;
    }
    std::memcpy(address.sun_path, text.data(), text.size());
    return address;
}

Descriptor new_socket() {
    return Descriptor{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
}

const sockaddr* generic(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

SocketErrc of_errno(int error) noexcept {
    switch (error) {
    case EACCES:
    case EPERM:
    case EROFS: return SocketErrc::not_permitted;
    case ECONNREFUSED:
    case ENOENT: return SocketErrc::nobody_listens;
    case EADDRINUSE: return SocketErrc::in_use;
    default: return SocketErrc::failed;
    }
}

// Under the lock: takes a dead socket away, and touches nothing else.
Result<> clear_the_way(const std::filesystem::path& path) {
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0) {
        return errno == ENOENT ? Result<>{} : of_errno(errno);
    }
    if (!S_ISSOCK(info.st_mode)) {
        return SocketErrc::not_a_socket;
    }
    const Result<Descriptor> live = connect_unix(path);
    if (live) {
        return SocketErrc::in_use;
    }
    if (live.error() != SocketErrc::nobody_listens) {
        return live.error();
    }
    return ::unlink(path.c_str()) == 0 ? Result<>{} : of_errno(errno);
}

Result<Descriptor> lock_beside(const std::filesystem::path& path) {
    const std::string name = path.native() + ".lock";
    Descriptor lock{::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!lock) {
        return of_errno(errno);
    }
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? SocketErrc::in_use : SocketErrc::failed;
    }
    return lock;
}

} // namespace

std::string_view describe(SocketErrc error) noexcept {
    switch (error) {
    case SocketErrc::in_use: return "another process listens on this socket: stop that one first";
    case SocketErrc::not_a_socket:
        return "something that is no socket stands where the socket belongs: move it away";
    case SocketErrc::path_too_long:
        return "the socket's path is empty or longer than 107 bytes: choose a shorter runtime_dir";
    case SocketErrc::not_permitted:
        return "the socket may not be used by this user: join the group vestari, or check the "
               "folder";
    case SocketErrc::nobody_listens: return "nobody listens on the socket: start the program";
    case SocketErrc::failed: return "the socket cannot be used";
    }
    return "unknown socket error";
}

Result<Peer> peer_of(int socket) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        return SocketErrc::failed;
    }
    return Peer{credentials.uid, credentials.gid, credentials.pid};
}

std::optional<uid_t> uid_of(const std::string& user) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16'384> space{};
    if (::getpwnam_r(user.c_str(), &entry, space.data(), space.size(), &found) != 0 ||
        found == nullptr) {
        return std::nullopt;
    }
    return entry.pw_uid;
}

bool is_one_of_us(const Peer& peer, std::initializer_list<const char*> users) {
    if (peer.uid == ::geteuid()) {
        return true;
    }
    return std::ranges::any_of(users,
                               [&peer](const char* user) { return uid_of(user) == peer.uid; });
}

Result<UnixListener> UnixListener::open(const ListenOptions& options) {
    const Result<sockaddr_un> address = address_of(options.path);
    if (!address) {
        return address.error();
    }
    Result<Descriptor> lock = lock_beside(options.path);
    if (!lock) {
        return lock.error();
    }
    if (const Result<> clear = clear_the_way(options.path); !clear) {
        return clear.error();
    }
    UnixListener made;
    made.lock_ = std::move(*lock);
    made.socket_ = new_socket();
    // On Linux the file takes the mode of the socket: nobody else may connect until the group is right.
    if (!made.socket_ || ::fchmod(made.socket_.get(), 0600) != 0 ||
        ::bind(made.socket_.get(), generic(*address), sizeof *address) != 0) {
        return of_errno(errno);
    }
    made.path_ = options.path; // from here on ours to take away
    if (const auto group = gid_of(options.group)) {
        // Not a member of it: the socket stays our own group's.
        static_cast<void>(::chown(options.path.c_str(), static_cast<uid_t>(-1), *group) == 0);
    }
    struct stat info{};
    if (::chmod(options.path.c_str(), options.mode) != 0 ||
        ::stat(options.path.c_str(), &info) != 0 ||
        ::listen(made.socket_.get(), options.backlog) != 0) {
        return of_errno(errno);
    }
    made.group_ = info.st_gid;
    return made;
}

UnixListener::UnixListener(UnixListener&& other) noexcept
    : path_{std::exchange(other.path_, {})}, lock_{std::move(other.lock_)},
      socket_{std::move(other.socket_)}, group_{other.group_} {}

UnixListener::~UnixListener() {
    if (!path_.empty()) {
        ::unlink(path_.c_str()); // while the lock is still held
    }
}

Descriptor UnixListener::accept() const noexcept {
    return Descriptor{::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
}

bool UnixListener::admits(int connection) const {
    const Result<Peer> peer = peer_of(connection);
    if (!peer) {
        return false;
    }
    if (peer->uid == 0 || peer->uid == ::geteuid() || peer->gid == group_) {
        return true;
    }
    std::array<gid_t, 4096> groups{};
    socklen_t size = sizeof groups;
    if (::getsockopt(connection, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) {
        return false;
    }
    const auto end = groups.begin() + size / sizeof(gid_t);
    return std::find(groups.begin(), end, group_) != end;
}

Result<Descriptor> connect_unix(const std::filesystem::path& path) {
    const Result<sockaddr_un> address = address_of(path);
    if (!address) {
        return address.error();
    }
    // Waits while the listener's queue is full, for a while; a socket that never blocks could not.
    Descriptor socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const timeval patience{5, 0};
    if (!socket ||
        ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) != 0) {
        return SocketErrc::failed;
    }
    if (::connect(socket.get(), generic(*address), sizeof *address) != 0) {
        return errno == EAGAIN ? SocketErrc::in_use : of_errno(errno);
    }
    if (::fcntl(socket.get(), F_SETFL, O_NONBLOCK) != 0) {
        return SocketErrc::failed;
    }
    return socket;
}

} // namespace vestari::service
