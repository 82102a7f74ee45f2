#include "bridge/daemon/account/runner.hpp"

#include <array>
#include <fstream>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>

#include "bridge/daemon/control/routes.hpp"
#include "tests/support/temporary_folder.hpp"
#include "vestari/service/control/exchange.hpp"

using namespace vestari;
using namespace vestari::daemon;

namespace {

// Several accounts in one loop, toward a port where nobody listens.
struct Process {
    test::TemporaryFolder folder;
    config::Config config = *config::parse(
        "data_dir = \"data\"\nruntime_dir = \"run\"\n"
        "[[account]]\nname = \"one\"\n[[account]]\nname = \"two\"\n"
        "[whatsapp]\nurl = \"wss://127.0.0.1:9/ws/chat\"\n",
        folder.path() / "vestari.toml",
        config::Environment{[](const std::string&) { return std::optional<std::string>{}; }});
    net::Endpoint endpoint = net::endpoint_of(config.whatsapp).value();
    SystemClock clock;
    Descriptor nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
    service::Log log{{.identifier = "test", .descriptor = nowhere.get()}};
    std::filesystem::path data = [this] {
        std::filesystem::create_directories(folder.path() / "data" / "bridge");
        return folder.path() / "data" / "bridge";
    }();
    std::unique_ptr<service::Audit> audit =
        service::Audit::open(data / "audit.jsonl", clock).value();
    EventLog events;
    boost::asio::io_context io;
    Context context{
        config, endpoint, clock, log, *audit, events, [] { return link::built_in_version; }, [] {}};
    Runners runners;
    std::vector<Descriptor> pipes;

    Process() {
        for (const config::Account& account : config.accounts) {
            runners.push_back(std::make_unique<Runner>(
                boost::asio::any_io_executor{boost::asio::make_strand(io)}, context, account));
        }
    }
    ~Process() {
        for (const auto& runner : runners) {
            runner->on_strand([](Runner& self) { self.stop(); });
        }
        turn();
    }
    void turn() {
        for (int i = 0; i < 20; ++i) {
            io.restart();
            io.run_for(std::chrono::milliseconds{1});
        }
    }
    // Ingest comes with the keys of an account; `seed` makes the keys.
    void knock(std::size_t which, unsigned char seed) {
        std::array<int, 2> ends{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) ==
                0);
        pipes.emplace_back(ends[0]);
        event::Keys keys;
        keys.account = runners[which]->name();
        keys.account_id.fill(std::byte{seed});
        keys.session_key.assign(32, std::byte{seed});
        keys.index_key.assign(32, std::byte{seed});
        const auto arrival = std::make_shared<Arrival>(Arrival{
            {Descriptor{ends[1]}, std::make_unique<event::FrameReader>()}, std::move(keys)});
        runners[which]->on_strand([arrival](Runner& self) { self.attach(std::move(*arrival)); });
        turn();
    }
    bool hung_up(std::size_t pipe) {
        std::array<char, 65'536> block{};
        ssize_t got = 1;
        while (got > 0) {
            got = ::recv(pipes[pipe].get(), block.data(), block.size(), 0);
        }
        return got == 0;
    }
    std::string state(std::size_t which) {
        return std::string{runners[which]->status()["state"].as_string()};
    }
    std::string code(std::size_t which) {
        return std::string{runners[which]->status()["code"].as_string()};
    }
    std::string asked(void (Runner::*method)(const service::Answer&), std::size_t which) {
        const auto exchange =
            std::make_shared<service::Exchange>(std::make_shared<service::Waker>());
        ((*runners[which]).*method)(std::make_shared<service::Responder>(exchange));
        return exchange->take_output();
    }
};

} // namespace

TEST_CASE("account: it waits for its keys, then is what its database says, and survives ingest") {
    Process process;
    CHECK(process.state(0) == "waiting_for_keys");
    CHECK(process.asked(&Runner::list_groups, 0).find("waiting_for_keys") != std::string::npos);
    process.knock(0, 1);
    CHECK(process.state(0) == "unlinked");
    CHECK(process.state(1) == "waiting_for_keys");
    CHECK(process.runners[0]->figures().pipe);
    process.pipes[0].close();
    process.turn();
    CHECK(process.state(0) == "unlinked");
    CHECK_FALSE(process.runners[0]->figures().pipe);
    process.knock(0, 1);
    CHECK(process.runners[0]->figures().pipe);
    CHECK_FALSE(process.hung_up(1));
}

TEST_CASE("account: a newer ingest takes the place of the one before") {
    Process process;
    process.knock(0, 1);
    process.knock(0, 1);
    CHECK(process.hung_up(0));
    CHECK_FALSE(process.hung_up(1));
}

TEST_CASE(
    "account: one with a broken database stays down alone, and comes back when it is mended") {
    Process process;
    const auto file = process.config.session_file(process.config.accounts[0]);
    std::ofstream{file, std::ios::binary} << std::string(10'000, 'x');
    process.knock(0, 1);
    process.knock(1, 2);
    CHECK(process.state(0) == "offline");
    CHECK(process.code(0) == "account_down");
    const std::string status = boost::json::serialize(process.runners[0]->status());
    CHECK(status.find("the session database is damaged") != std::string::npos);
    CHECK(process.hung_up(0));
    CHECK(process.state(1) == "unlinked");
    CHECK_FALSE(process.hung_up(1));
    std::filesystem::remove(file);
    process.knock(0, 1);
    CHECK(process.state(0) == "unlinked");
}

TEST_CASE("account: keys of another account are refused, and the account goes on") {
    Process process;
    process.knock(0, 1);
    process.knock(0, 2);
    CHECK(process.hung_up(1));
    CHECK(process.state(0) == "unlinked");
    CHECK(process.runners[0]->figures().pipe); // the first ingest's
    CHECK(service::verify_audit(process.data / "audit.jsonl")->entries == 1);
}

TEST_CASE("account: orders that do not fit its state are answered, never swallowed") {
    Process process;
    process.knock(0, 1);
    CHECK(process.asked(&Runner::unlink, 0).starts_with("HTTP/1.1 409 "));
    CHECK(process.asked(&Runner::reconnect, 0).starts_with("HTTP/1.1 200 "));
    CHECK(process.asked(&Runner::reconnect, 1).starts_with("HTTP/1.1 409 "));
    CHECK(process.asked(&Runner::capture, 1).starts_with("HTTP/1.1 409 "));
    CHECK(process.asked(&Runner::capture, 0).find("vestari_capture") != std::string::npos);
}
