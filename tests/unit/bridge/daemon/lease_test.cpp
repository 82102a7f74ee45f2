#include "bridge/daemon/opening/lease.hpp"

#include <boost/system/system_error.hpp>
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bridge/store/forget.hpp"
#include "bridge/store/lease_epoch.hpp"
#include "bridge/store/spool.hpp"
#include "tests/support/sessions.hpp"

using namespace vestari;
using namespace vestari::daemon;

namespace {

std::unique_ptr<FileLease> take(test::Sessions& sessions, std::uint64_t handed = 0) {
    return FileLease::take(LeaseLock::take(sessions.file).value(), *sessions, handed).value();
}

} // namespace

TEST_CASE("lease: each taking has a higher epoch, and one that was handed over is kept") {
    test::Sessions sessions;
    CHECK(take(sessions)->epoch() == 1);
    CHECK(take(sessions)->epoch() == 2);
    sessions.reopen();
    CHECK(take(sessions)->epoch() == 3);
    CHECK(take(sessions, 9)->epoch() == 9);
    CHECK(take(sessions, 9)->epoch() == 9);
    CHECK(FileLease::take(LeaseLock::take(sessions.file).value(), *sessions, 8).error() ==
          LeaseErrc::stale_epoch);
    CHECK(take(sessions)->epoch() == 10);
}

TEST_CASE("lease: a second process is refused, and let in when the first has died") {
    const test::Sessions sessions;
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const pid_t child = ::fork();
    if (child == 0) { // holds the lease until it is killed
        const auto lock = LeaseLock::take(sessions.file);
        const char word = lock ? 'y' : 'n';
        static_cast<void>(::write(ready[1], &word, 1) == 0);
        ::pause();
        ::_exit(0);
    }
    char word = 0;
    REQUIRE(::read(ready[0], &word, 1) == 1);
    CHECK(word == 'y');
    CHECK(LeaseLock::take(sessions.file).error() == LeaseErrc::held_elsewhere);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK(LeaseLock::take(sessions.file).has_value());
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST_CASE("lease: whoever lost it can commit nothing any more") {
    test::Sessions sessions;
    const std::unique_ptr<FileLease> lease = take(sessions);
    store::Spool spool{*sessions};
    {
        store::Transaction transaction{*sessions};
        spool.append(spool.next_sequence(), as_bytes("kept"));
        transaction.commit();
    }
    CHECK(lease->held());
    store::set_lease_epoch(*sessions, 7); // as another node would
    try {
        store::Transaction transaction{*sessions};
        spool.append(spool.next_sequence(), as_bytes("lost"));
        transaction.commit();
        FAIL("committed without the lease");
    } catch (const boost::system::system_error& error) {
        CHECK(error.code() == store::StoreErrc::lost_lease);
    }
    CHECK_FALSE(lease->held());
    CHECK(spool.rows() == 1);
}

TEST_CASE("lease: forgetting the device keeps it") {
    test::Sessions sessions;
    const std::unique_ptr<FileLease> lease = take(sessions);
    store::forget_device(*sessions);
    CHECK(lease->held());
    CHECK(store::lease_epoch(*sessions) == lease->epoch());
}
