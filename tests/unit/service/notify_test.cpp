#include "vestari/service/process/notify.hpp"

#include <cstring>

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/support/temporary_folder.hpp"

using namespace vestari;
using namespace vestari::service;

namespace {

// systemd's end of the notify socket.
class Supervisor {
public:
    explicit Supervisor(const std::string& address)
        : socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        std::memcpy(name.sun_path, address.data(), address.size());
        if (address[0] == '@') {
            name.sun_path[0] = '\0';
        }
        REQUIRE(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&name),
                       static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size())) ==
                0);
    }
    std::string heard() {
        char text[256];
        const ssize_t got = ::recv(socket_.get(), text, sizeof text, MSG_DONTWAIT);
        return got < 0 ? "" : std::string{text, static_cast<std::size_t>(got)};
    }

private:
    Descriptor socket_;
};

} // namespace

TEST_CASE("notify: systemd hears what it is told, by path and by abstract name") {
    const test::TemporaryFolder folder;
    for (const std::string& address :
         {(folder.path() / "notify").string(), "@" + folder.path().string()}) {
        CAPTURE(address);
        Supervisor supervisor{address};
        const Notify notify{address};
        notify.ready();
        CHECK(supervisor.heard() == "READY=1");
        notify.status("2 accounts\nREADY=1");
        CHECK(supervisor.heard() == "STATUS=2 accounts");
        notify.stopping();
        CHECK(supervisor.heard() == "STOPPING=1");
    }
}

TEST_CASE("notify: without a supervisor nothing happens") {
    for (const char* address : {"", "relative", "/no/such/socket/here"}) {
        const Notify notify{address};
        notify.ready();
    }
}

TEST_CASE("watchdog: it is fed only when every part has moved since the last time") {
    const test::TemporaryFolder folder;
    Supervisor supervisor{(folder.path() / "notify").string()};
    const Notify notify{(folder.path() / "notify").string()};
    Watchdog watchdog{notify};
    Watchdog::Part& one = watchdog.add();
    Watchdog::Part& two = watchdog.add();
    CHECK_FALSE(watchdog.tick());
    one.beat();
    CHECK_FALSE(watchdog.tick());
    CHECK(supervisor.heard().empty());
    two.beat();
    CHECK(watchdog.tick());
    CHECK(supervisor.heard() == "WATCHDOG=1");
    CHECK_FALSE(watchdog.tick());
    two.beat();
    CHECK_FALSE(watchdog.tick());
}
