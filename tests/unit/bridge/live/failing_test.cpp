// Every way in which a connection or a login can fail, and what the account makes of it.
#include <doctest/doctest.h>

#include "bridge/live/policy/failures.hpp"
#include "tests/unit/bridge/live/server.hpp"

namespace vestari::test {

namespace {

using live::Retry;
using live::State;

wire::OutNode failure_node(const std::string& reason) {
    return node("failure", {{"reason", reason}, {"location", "frc"}});
}

wire::OutNode stream_error(const std::string& code, std::vector<wire::OutNode> children = {}) {
    Attributes attributes;
    if (!code.empty()) {
        attributes.emplace_back("code", code);
    }
    return node("stream:error", std::move(attributes), std::move(children));
}

} // namespace

TEST_CASE("every failure code has its state, its words and its way on") {
    struct Row {
        const char* code;
        State state;
        bool comes_back;
    };
    const Row rows[] = {
        {"400", State::refused, false},    {"401", State::logged_out, false},
        {"403", State::banned, false},     {"406", State::banned, false},
        {"409", State::refused, false},    {"411", State::refused, false},
        {"413", State::refused, false},    {"414", State::refused, false},
        {"415", State::refused, false},    {"418", State::refused, false},
        {"419", State::logged_out, false}, {"500", State::offline, true},
        {"501", State::refused, false},    {"503", State::offline, true},
    };
    for (const Row& row : rows) {
        CAPTURE(row.code);
        World world;
        world.be_linked();
        world.run();
        world.send(failure_node(row.code));
        world.run();
        CHECK(world.state() == row.state);
        CHECK(world.why() == "failure_" + std::string{row.code});
        CHECK_FALSE(world.account->status().state.why.text.empty());
        CHECK_FALSE(world.account->status().state.why.next.empty());
        world.obliging = false;
        world.pass(std::chrono::seconds{2});
        CHECK((world.connections > 1) == row.comes_back);
    }
}

TEST_CASE("every stream error has its state and its way on") {
    const std::vector<wire::OutNode> replaced{node("conflict", {{"type", "replaced"}})};
    const std::vector<wire::OutNode> removed{node("conflict", {{"type", "device_removed"}})};
    struct Row {
        wire::OutNode error;
        State state;
        const char* why;
        bool comes_back; // within two seconds
    };
    const Row rows[] = {
        {stream_error("401", removed), State::logged_out, "device_removed", false},
        {stream_error("401"), State::logged_out, "stream_401", false},
        {stream_error("", replaced), State::replaced, "replaced", false},
        {stream_error("409"), State::replaced, "replaced", false},
        {stream_error("516"), State::logged_out, "stream_516", false},
        {stream_error("500"), State::offline, "stream_500", true},
        {stream_error("503"), State::offline, "stream_503", true},
        {stream_error("429"), State::offline, "stream_429", false}, // later
        {stream_error("777"), State::offline, "stream_other", true},
        {stream_error("", {node("ack", {{"id", "X"}})}), State::offline, "not_cleared", true},
        {stream_error("", {node("xml-not-well-formed")}), State::offline, "not_well_formed", true},
        {node("xmlstreamend"), State::offline, "stream_end", true},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        World world;
        world.be_linked();
        world.log_in();
        world.send(row.error);
        world.run();
        CHECK(world.state() == row.state);
        CHECK(world.why() == row.why);
        world.pass(std::chrono::seconds{2});
        CHECK((world.connections == 2) == row.comes_back);
    }
}

TEST_CASE("a stanza of ours that the server calls invalid is told, and the connection goes on") {
    World world;
    world.be_linked();
    world.log_in();
    world.send(node("error", {{"code", "479"}}));
    world.pass(std::chrono::minutes{1});
    CHECK(world.told.warned("invalid_stanza"));
    CHECK(world.connections == 1);
    world.pass(std::chrono::hours{26});
    CHECK(world.account->status().warnings.empty()); // what happened is over
}

TEST_CASE("515 connects again at once; a second one within a minute waits") {
    World world;
    world.be_linked();
    world.log_in();
    world.send(stream_error("515"));
    world.run();
    CHECK(world.connections == 2);
    CHECK(world.peer != nullptr);
    world.send(stream_error("515"));
    world.run();
    CHECK(world.connections == 2);
    CHECK(world.state() == State::offline);
    world.pass(std::chrono::seconds{2});
    CHECK(world.connections == 3);
}

TEST_CASE("405 asks for a version once, tries once more, and then says: update") {
    World world;
    world.be_linked();
    world.run();
    world.send(failure_node("405"));
    world.run();
    CHECK(world.state() == State::outdated);
    CHECK(world.told.versions_wanted == 1);
    world.pass(std::chrono::minutes{10});
    CHECK(world.connections == 1); // nothing blind
    link::Version newer = link::built_in_version;
    newer.tertiary += 100;
    world.account->version_found(newer, world.now);
    world.run();
    CHECK(world.connections == 2);
    world.send(failure_node("405"));
    world.run();
    CHECK(world.state() == State::outdated);
    CHECK(world.told.versions_wanted == 1);
    world.account->version_found(newer, world.now); // no newer than what was refused
    world.pass(std::chrono::hours{24});
    CHECK(world.connections == 2);
    CHECK(live::exit_code(world.state()) == ExitCode::outdated);
    newer.tertiary += 1;
    world.account->version_found(newer, world.now); // tomorrow's look-up
    world.log_in();
    CHECK(world.state() == State::connected);
}

TEST_CASE("a ban for a time ends when it says, over a restart too") {
    World world;
    world.be_linked();
    world.run();
    world.send(node("failure", {{"reason", "402"}, {"code", "101"}, {"expire", "3600"}}));
    world.run();
    CHECK(world.state() == State::banned);
    REQUIRE(world.account->status().state.until.has_value());
    CHECK(*world.account->status().state.until == world.clock.now() + std::chrono::hours{1});
    world.pass(std::chrono::minutes{30});
    CHECK(world.connections == 1);
    world.restart();
    CHECK(world.state() == State::banned);
    world.pass(std::chrono::minutes{29});
    CHECK(world.connections == 1);
    world.pass(std::chrono::minutes{2});
    CHECK(world.connections == 2);
}

TEST_CASE("an unknown failure is tried three times, then it stops") {
    World world;
    world.be_linked();
    for (int i = 0; i < 4; ++i) {
        world.pass_until_wanted();
        world.run();
        world.send(failure_node("999"));
        world.run();
    }
    CHECK(world.state() == State::refused);
    world.pass(std::chrono::hours{24});
    CHECK(world.connections == 4);
}

TEST_CASE("what could twice not be read is a defect: it stops") {
    World world;
    world.be_linked();
    for (int i = 0; i < 2; ++i) {
        world.pass_until_wanted();
        world.log_in();
        world.send(stream_error("", {node("bad-format")}));
        world.run();
    }
    world.pass(std::chrono::hours{24});
    CHECK(world.connections == 2);
}

TEST_CASE("a stop that outlives the process is remembered, and the operator ends it") {
    World world;
    world.be_linked();
    world.run();
    world.send(failure_node("403"));
    world.run();
    world.restart();
    CHECK(world.state() == State::banned);
    CHECK(world.why() == "failure_403");
    world.pass(std::chrono::hours{24});
    CHECK(world.connections == 1);
    CHECK(link::load_device(*world.sessions).value().has_value()); // keys stay
    world.account->reconnect(world.now);
    world.log_in();
    CHECK(world.state() == State::connected);
}

TEST_CASE("the wait grows by Fibonacci, and starts anew after a minute logged in") {
    World world;
    world.be_linked();
    std::vector<double> waits;
    for (int i = 0; i < 8; ++i) {
        world.run();
        world.cut();
        const Instant before = world.now;
        world.pass_until_wanted();
        waits.push_back(std::chrono::duration<double>(world.now - before).count());
    }
    const double wanted[] = {1, 1, 2, 3, 5, 8, 13, 21};
    for (std::size_t i = 0; i < waits.size(); ++i) {
        CAPTURE(i);
        CHECK(waits[i] >= 0.9 * wanted[i]);
        CHECK(waits[i] <= 1.1 * wanted[i]);
    }
    world.log_in();
    world.pass(std::chrono::seconds{61});
    world.cut();
    const Instant before = world.now;
    world.pass_until_wanted();
    CHECK(world.now - before <= std::chrono::milliseconds{1100});
}

TEST_CASE("a server that says 503 for ever is asked at most once a minute after five times") {
    World world;
    world.be_linked();
    std::vector<Instant> attempts;
    for (int i = 0; i < 12; ++i) {
        world.pass_until_wanted();
        attempts.push_back(world.now);
        world.run();
        world.send(failure_node("503"));
        world.run();
    }
    for (std::size_t i = 5; i < attempts.size(); ++i) {
        CHECK(attempts[i] - attempts[i - 1] >= std::chrono::seconds{60});
    }
}

TEST_CASE("nobody answers for three days: attempts at most every 16 minutes, and a warning") {
    World world;
    world.reachable = false;
    world.be_linked();
    world.pass(std::chrono::hours{72});
    CHECK(world.told.warned("network"));
    CHECK(world.state() == State::offline);
    world.reachable = true;
    world.pass(std::chrono::minutes{17});
    CHECK(world.connections >= 1);
}

TEST_CASE("a failing port, name, proxy or certificate says so in words of its own") {
    struct Row {
        live::Closed why;
        const char* code;
    };
    const Row rows[] = {
        {live::Closed::name_not_found, "dns"},  {live::Closed::refused, "network"},
        {live::Closed::timed_out, "timeout"},   {live::Closed::tls_certificate, "tls_certificate"},
        {live::Closed::tls_protocol, "tls"},    {live::Closed::http_status, "http_status"},
        {live::Closed::lost, "connection_lost"}};
    for (const Row& row : rows) {
        CAPTURE(row.code);
        World world;
        world.be_linked();
        REQUIRE(world.account->wants_connection());
        world.account->closed({row.why, 403}, world.now);
        CHECK(world.state() == State::offline);
        CHECK(world.why() == row.code);
        world.pass(std::chrono::seconds{2});
        CHECK(world.connections == 1);
    }
}

} // namespace vestari::test
