#include <doctest/doctest.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>

#include "bridge/net/page_fetch.hpp"
#include "tests/unit/bridge/net/client.hpp"

using namespace vestari;
using namespace vestari::net;
using test::Role;

namespace {

using namespace std::chrono_literals;

struct Fetched {
    std::optional<PageFetch::Page> page;
    int calls = 0;

    explicit Fetched(const Endpoint& endpoint, const Timeouts& timeouts = {}) {
        boost::asio::io_context io;
        const auto fetch = PageFetch::start(
            io.get_executor(), endpoint,
            [this](PageFetch::Page got) {
                page = std::move(got);
                ++calls;
            },
            timeouts);
        CHECK(calls == 0);
        io.run_for(30s);
    }
    CloseReason error() const { return page.value().error(); }
};

} // namespace

TEST_CASE("page: the text comes whole, asked for as a browser asks") {
    const test::Trust trust;
    test::ServerOptions options = trust.server(Role::page);
    options.page = "self.x={\"client_revision\":1045649367,\"y\":1}" + std::string(1'000'000, ' ');
    const test::TlsServer server{options};
    const Fetched fetched{trust.endpoint(server.port())};
    REQUIRE(fetched.calls == 1);
    REQUIRE(fetched.page->has_value());
    CHECK(**fetched.page == options.page);
    const std::string head = server.first_request();
    CHECK(head.starts_with("GET /sw.js HTTP/1.1\r\n"));
    CHECK(head.find("Sec-Fetch-Site: none\r\n") != std::string::npos);
    CHECK(head.find("User-Agent: Mozilla/5.0") != std::string::npos);
    CHECK(head.find("Cookie") == std::string::npos);
    CHECK(head.find("Accept-Encoding") == std::string::npos);
}

TEST_CASE("page: exactly 2 MiB are read, one byte more is not") {
    const test::Trust trust;
    for (const std::size_t size : {max_page, max_page + 1}) {
        test::ServerOptions options = trust.server(Role::page);
        options.page.assign(size, 'x');
        const test::TlsServer server{options};
        const Fetched fetched{trust.endpoint(server.port())};
        REQUIRE(fetched.calls == 1);
        CHECK(fetched.page->has_value() == (size == max_page));
        if (size > max_page) {
            CHECK(fetched.error() == CloseReason{Failure::too_long});
        }
    }
    const test::TlsServer server{trust.server(Role::endless_page)};
    CHECK(Fetched{trust.endpoint(server.port())}.error() == CloseReason{Failure::too_long});
}

TEST_CASE("page: every other answer is a reason, and redirects are not followed") {
    struct Row {
        Role role;
        CloseReason reason;
    };
    const Row rows[] = {
        {Role::html_503, {Failure::http_status, 503}},
        {Role::html_403, {Failure::http_status, 403}},
        {Role::redirect_302, {Failure::http_status, 302}},
        {Role::garbage, {Failure::bad_answer}},
        {Role::drops, {Failure::tls_failed}},
        {Role::silent, {Failure::timed_out}},
        {Role::no_tls, {Failure::timed_out}},
    };
    const test::Trust trust;
    for (const Row& row : rows) {
        CAPTURE(static_cast<int>(row.role));
        const test::TlsServer server{trust.server(row.role)};
        const Fetched fetched{trust.endpoint(server.port()),
                              {.open = 200ms, .write = 1s, .close = 1s}};
        REQUIRE(fetched.calls == 1);
        CHECK(name_of(fetched.error().failure) == name_of(row.reason.failure));
        CHECK(fetched.error().http_status == row.reason.http_status);
    }
}

TEST_CASE("page: a server that is not who it should be is asked for nothing") {
    const test::Trust trust;
    const test::Trust other;
    const test::TlsServer server{other.server(Role::page)};
    CHECK(Fetched{trust.endpoint(server.port())}.error().failure ==
          Failure::certificate_invalid); // the same name, another key
    CHECK(server.application_bytes() == 0);
}

TEST_CASE("page: destroyed before the answer, the handler is not called") {
    const test::Trust trust;
    const test::TlsServer server{trust.server(Role::silent)};
    boost::asio::io_context io;
    int calls = 0;
    auto fetch = PageFetch::start(io.get_executor(), trust.endpoint(server.port()),
                                  [&calls](const PageFetch::Page&) { ++calls; });
    while (server.connections() == 0) {
        io.run_one_for(20ms);
    }
    fetch.reset();
    io.run();
    CHECK(calls == 0);
}
