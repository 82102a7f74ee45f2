#include "vestari/service/process/unix_socket.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/temporary_folder.hpp"

using namespace vestari;
using namespace vestari::service;

TEST_CASE("unix socket: a second listener is refused, a dead one's file is replaced") {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "x.sock";
    {
        const Result<UnixListener> first = UnixListener::open({.path = path});
        REQUIRE(first.has_value());
        CHECK(UnixListener::open({.path = path}).error() == SocketErrc::in_use);
        CHECK(connect_unix(path).has_value());
    }
    CHECK_FALSE(std::filesystem::exists(path));
    // As a crash leaves it: the file without a listener.
    const Descriptor dead{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.native().copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(dead.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    CHECK(UnixListener::open({.path = path}).has_value());
}

TEST_CASE("unix socket: somebody else's live socket and what is no socket stay untouched") {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "x.sock";
    folder.write("x.sock", "a file");
    CHECK(UnixListener::open({.path = path}).error() == SocketErrc::not_a_socket);
    CHECK(std::filesystem::file_size(path) == 6);
    std::filesystem::remove(path);
    const Descriptor other{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.native().copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(other.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(other.get(), 1) == 0);
    CHECK(UnixListener::open({.path = path}).error() == SocketErrc::in_use);
    CHECK(std::filesystem::exists(path));
}

TEST_CASE("unix socket: the peer is known by its credentials") {
    const test::TemporaryFolder folder;
    const Result<UnixListener> listener = UnixListener::open({.path = folder.path() / "x.sock"});
    REQUIRE(listener.has_value());
    const Result<Descriptor> client = connect_unix(folder.path() / "x.sock");
    REQUIRE(client.has_value());
    const Descriptor accepted = listener->accept();
    const Result<Peer> peer = peer_of(accepted.get());
    REQUIRE(peer.has_value());
    CHECK(peer->uid == ::geteuid());
    CHECK(peer->pid == ::getpid());
    CHECK(listener->admits(accepted.get()));
    CHECK(is_one_of_us(*peer, {}));
    CHECK_FALSE(is_one_of_us({peer->uid + 1, 0, 0}, {"no-such-user-of-vestari"}));
    CHECK(listener->accept().get() < 0); // nobody waits any more
}
