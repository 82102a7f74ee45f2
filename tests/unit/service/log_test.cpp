#include "vestari/service/log.hpp"

#include <fstream>
#include <sstream>

#include <cstring>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/support/temporary_folder.hpp"
#include "vestari/base/result.hpp"

using namespace vestari;
using namespace vestari::service;

namespace {

struct Written {
    test::TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "log";
    Descriptor out{::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600)};

    std::string text() const {
        std::ifstream in{file};
        std::ostringstream all;
        all << in.rdbuf();
        return all.str();
    }
    std::size_t lines() const {
        const std::string all = text();
        return static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n'));
    }
};

} // namespace

TEST_CASE("log: facts in text and in JSON, one line each") {
    for (const LogForm form : {LogForm::text, LogForm::json}) {
        const Written written;
        Log log{{.identifier = "vestari-bridge",
                 .level = Level::info,
                 .form = form,
                 .descriptor = written.out.get()}};
        log.info("spool of {} rows after {}", 3, std::chrono::seconds{2});
        log.warning("closed: {}", ErrorCode{111, boost::system::system_category()});
        log.debug("not at this level {}", 1);
        Log::OfAccount of{log, "main\nREADY"};
        of.event(Level::error, {"0123456789abcdef0123456789abcdef"}, "state {}", Word{"offline"});
        CHECK(written.lines() == 3);
        CHECK(written.text().find("spool of 3 rows after 2000 ms") != std::string::npos);
        CHECK(written.text().find("closed: Connection refused (system:111)") != std::string::npos);
        CHECK(written.text().find("main_READY") != std::string::npos);
        CHECK(written.text().find("state offline") != std::string::npos);
    }
}

TEST_CASE("log: a message that comes too often is counted, others are not held up by it") {
    const Written written;
    Log log{{.identifier = "x", .form = LogForm::text, .descriptor = written.out.get()}};
    for (int i = 0; i < 10'000; ++i) {
        log.warning("a stranger knocks ({})", i);
    }
    CHECK(written.lines() >= 10);
    CHECK(written.lines() <= 100);
    const std::size_t before = written.lines();
    log.warning("something else");
    CHECK(written.lines() == before + 1);
}

TEST_CASE("log: the journal gets fields, and stderr when the journal is not there") {
    const Written written;
    const std::string path = (written.folder.path() / "journal").string();
    {
        Log log{{.identifier = "x",
                 .form = LogForm::journal,
                 .descriptor = written.out.get(),
                 .journal_path = path}};
        log.error("nobody listens");
        CHECK(written.lines() > 0);
    }
    const Descriptor journal{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    REQUIRE(::bind(journal.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0);
    Log log{{.identifier = "vestari-bridge",
             .form = LogForm::journal,
             .descriptor = written.out.get(),
             .journal_path = path}};
    Log::OfAccount{log, "main"}.event(Level::warning, {"0123456789abcdef0123456789abcdef"},
                                      "state {}", Word{"offline"});
    char text[512];
    const ssize_t got = ::recv(journal.get(), text, sizeof text, MSG_DONTWAIT);
    REQUIRE(got > 0);
    CHECK(std::string{text, static_cast<std::size_t>(got)} ==
          "MESSAGE=state offline\nPRIORITY=4\nSYSLOG_IDENTIFIER=vestari-bridge\n"
          "VESTARI_ACCOUNT=main\nMESSAGE_ID=0123456789abcdef0123456789abcdef\n");
}
