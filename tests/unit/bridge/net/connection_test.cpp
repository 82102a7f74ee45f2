#include <doctest/doctest.h>

#include "tests/unit/bridge/net/client.hpp"

using namespace vestari;
using namespace vestari::net;
using test::Role;

namespace {

using namespace std::chrono_literals;

constexpr Timeouts short_waits{.open = 150ms, .write = 150ms, .close = 150ms};

// A port on which nothing listens: bound once and given back.
std::uint16_t unused_port(const test::Trust& trust) {
    return test::TlsServer{trust.server(Role::drops)}.port();
}

} // namespace

TEST_CASE("connection: binary messages arrive as one stream, text does not, and what is written "
          "comes back") {
    const test::Trust trust;
    const test::TlsServer server{trust.server(Role::echo)};
    test::Client client{trust.endpoint(server.port())};
    REQUIRE(client.until([&] { return client.text == "one two three"; }));
    client.connection->write(to_bytes(" four"));
    client.connection->write(to_bytes(" five"));
    REQUIRE(client.until([&] { return client.text == "one two three four five"; }));
    client.connection->write(to_bytes("bye"));
    REQUIRE(client.until_closed());
    CHECK(client.reason == CloseReason{Failure::closed});
}

TEST_CASE("connection: the upgrade asks for what the specification says and for nothing more") {
    const test::Trust trust;
    const test::TlsServer server{trust.server(Role::echo)};
    test::Client client{trust.endpoint(server.port())};
    REQUIRE(client.until([&] { return client.is_open; }));
    const std::string head = server.first_request();
    const std::string host = "127.0.0.1:" + std::to_string(server.port());
    for (const std::string& wanted :
         {std::string{"GET /ws/chat HTTP/1.1\r\n"}, "Host: " + host + "\r\n",
          std::string{"Origin: https://web.whatsapp.com\r\n"},
          std::string{"Cache-Control: no-cache\r\n"}, std::string{"Pragma: no-cache\r\n"},
          std::string{"Sec-WebSocket-Version: 13\r\n"}}) {
        CAPTURE(wanted);
        CHECK(head.find(wanted) != std::string::npos);
    }
    for (const auto* unwanted :
         {"Extensions", "Protocol:", "Cookie", "User-Agent", "Vestari", "Beast"}) {
        CAPTURE(unwanted);
        CHECK(head.find(unwanted) == std::string::npos);
    }
}

TEST_CASE("connection: what answers something else ends with a reason of its own") {
    struct Row {
        Role role;
        CloseReason reason;
        bool retry;
    };
    const Row rows[] = {
        {Role::html_200, {Failure::http_status, 200}, false},
        {Role::html_403, {Failure::http_status, 403}, false},
        {Role::redirect_302, {Failure::http_status, 302}, false},
        {Role::html_503, {Failure::http_status, 503}, true},
        {Role::garbage, {Failure::bad_answer}, false},
        {Role::plain_http, {Failure::tls_failed}, true},
        {Role::drops, {Failure::tls_failed}, true},
    };
    const test::Trust trust;
    for (const Row& row : rows) {
        CAPTURE(static_cast<int>(row.role));
        const test::TlsServer server{trust.server(row.role)};
        test::Client client{trust.endpoint(server.port())};
        REQUIRE(client.until_closed());
        CHECK(name_of(client.reason->failure) == name_of(row.reason.failure));
        CHECK(client.reason->http_status == row.reason.http_status);
        CHECK(retryable(*client.reason) == row.retry);
        CHECK_FALSE(client.is_open);
    }
}

TEST_CASE("connection: an upgrade with a wrong key, and frames against the rules, end it") {
    const test::Trust trust;
    for (const Role role : {Role::wrong_accept_key, Role::bad_frame, Role::compressed_frame}) {
        CAPTURE(static_cast<int>(role));
        const test::TlsServer server{trust.server(role)};
        test::Client client{trust.endpoint(server.port())};
        REQUIRE(client.until_closed());
        CHECK(client.reason->failure != Failure::closed);
        CHECK(client.text.empty());
    }
}

TEST_CASE("connection: a port where nothing listens refuses, and a name that does not exist does "
          "not resolve") {
    const test::Trust trust;
    for (const auto* host : {"127.0.0.1", "localhost"}) {
        test::Client client{trust.endpoint(unused_port(trust), host)};
        REQUIRE(client.until_closed());
        CHECK(client.reason == CloseReason{Failure::refused});
    }
    // A label of 64 letters is in no DNS, and no server needs to be asked.
    test::Client client{trust.endpoint(443, std::string(64, 'a') + ".invalid")};
    REQUIRE(client.until_closed());
    CHECK(client.reason == CloseReason{Failure::dns});
}

TEST_CASE("connection: one that never answers, before or after TLS, runs out of time") {
    const test::Trust trust;
    for (const Role role : {Role::no_tls, Role::silent}) {
        const test::TlsServer server{trust.server(role)};
        test::Client client{trust.endpoint(server.port()), short_waits};
        REQUIRE(client.until_closed());
        CHECK(client.reason == CloseReason{Failure::timed_out});
    }
}

TEST_CASE("connection: a cut is lost, not closed") {
    const test::Trust trust;
    const test::TlsServer server{trust.server(Role::echo)};
    test::Client client{trust.endpoint(server.port())};
    client.on_open = [&client] { client.connection->write(to_bytes("drop")); };
    REQUIRE(client.until_closed());
    CHECK(client.reason == CloseReason{Failure::lost});
}

TEST_CASE("connection: a long message comes in pieces of bounded size, and stops coming while "
          "reading is paused") {
    constexpr std::size_t whole = std::size_t{32} << 20U;
    const test::Trust trust;
    const test::TlsServer server{trust.server(Role::flood)};
    test::Client client{trust.endpoint(server.port())};
    client.on_received = [&client] {
        if (client.text.size() > (std::size_t{1} << 20U)) {
            client.connection->pause();
            client.on_received = nullptr;
        }
    };
    REQUIRE(client.until([&client] { return !client.on_received; }));
    const std::size_t before = client.text.size();
    for (int i = 0; i < 20; ++i) {
        client.io.restart();
        client.io.run_one_for(5ms);
    }
    CHECK(client.text.size() == before);
    client.connection->resume();
    REQUIRE(client.until([&client] { return client.text.size() == whole; }));
    CHECK(client.largest <= std::size_t{16} << 10U);
}

TEST_CASE("connection: what piles up unwritten, or does not get away in time, ends it") {
    const test::Trust trust;
    const test::TlsServer server{trust.server(Role::never_reads)};
    {
        test::Client client{trust.endpoint(server.port())};
        REQUIRE(client.until([&client] { return client.is_open; }));
        for (std::size_t written = 0; written <= max_queued; written += 1U << 20U) {
            client.connection->write(Bytes(1U << 20U));
        }
        CHECK_FALSE(client.reason); // never from within a call
        REQUIRE(client.until_closed());
        CHECK(client.reason == CloseReason{Failure::write_stalled});
    }
    test::Client client{trust.endpoint(server.port()), {.open = 20s, .write = 150ms, .close = 1s}};
    REQUIRE(client.until([&client] { return client.is_open; }));
    const std::size_t part = max_queued / 4;
    for (int i = 0; i < 4; ++i) {
        client.connection->write(Bytes(part));
    }
    REQUIRE(client.until([&client] { return client.reason.has_value(); }));
    CHECK(client.reason == CloseReason{Failure::write_stalled});
}

TEST_CASE("connection: close writes what is queued, says goodbye and tells nothing more") {
    const test::Trust trust;
    const test::TlsServer server{trust.server(Role::echo)};
    test::Client client{trust.endpoint(server.port())};
    REQUIRE(client.until([&client] { return client.text == "one two three"; }));
    const std::size_t before = server.application_bytes();
    client.connection->write(Bytes(100'000));
    client.connection->write(Bytes(50'000));
    client.connection->close();
    client.connection->write(to_bytes("too late"));
    REQUIRE(client.until([&] { return server.application_bytes() >= before + 150'000; }));
    client.io.restart();
    client.io.run(); // ends by itself: nothing is left to wait for
    CHECK(server.application_bytes() == before + 150'000);
    CHECK_FALSE(client.reason);
    CHECK(client.text == "one two three");
}

TEST_CASE("connection: close before it is open, and a peer that never says goodbye, end in time "
          "and in silence") {
    const test::Trust trust;
    for (const Role role : {Role::no_tls, Role::silent, Role::never_reads}) {
        const test::TlsServer server{trust.server(role)};
        test::Client client{trust.endpoint(server.port()),
                            {.open = 20s, .write = 20s, .close = 100ms}};
        REQUIRE(client.until([&] {
            return server.connections() == 1 && (role != Role::never_reads || client.is_open);
        }));
        client.connection->close();
        client.io.restart();
        client.io.run();
        CHECK_FALSE(client.reason);
    }
}

TEST_CASE("connection: destroyed at any moment, also from within an event, it tells nothing more") {
    const test::Trust trust;
    const test::TlsServer server{trust.server(Role::echo)};
    for (int steps = 0; steps < 40; ++steps) {
        test::Client client{trust.endpoint(server.port())};
        client.io.restart();
        for (int i = 0; i < steps; ++i) {
            client.io.run_one_for(1ms);
        }
        client.connection.reset();
        const std::string before = client.text;
        client.io.restart();
        client.io.run();
        CHECK(client.text == before);
        CHECK_FALSE(client.reason);
    }
    test::Client in_opened{trust.endpoint(server.port())};
    in_opened.on_open = [&in_opened] { in_opened.connection.reset(); };
    in_opened.io.run();
    CHECK(in_opened.text.empty());
    test::Client in_received{trust.endpoint(server.port())};
    in_received.on_received = [&in_received] { in_received.connection.reset(); };
    in_received.io.run();
    CHECK_FALSE(in_received.text.empty());
    CHECK_FALSE(in_received.reason);
}
