#include <doctest/doctest.h>

#include "vestari/config/url.hpp"

using vestari::config::Url;

TEST_CASE("url: scheme, host, port and path are told apart") {
    const auto url = Url::parse("WSS://Web.Example.com:5222/ws/chat");
    REQUIRE(url);
    CHECK(url->scheme == "wss");
    CHECK(url->host == "web.example.com");
    CHECK(url->port == 5222);
    CHECK(url->path == "/ws/chat");
}

TEST_CASE("url: what is not a plain address is refused") {
    for (const char* text :
         {"", "wss", "wss:/host", "://host", "wss://", "wss:///path", "wss://user@host",
          "wss://host:", "wss://host:0", "wss://host:65536", "wss://host:12a", "wss://ho st",
          "wss://host?x=1", "wss://host#x", "wss://host\n", "wss://[::1", "wss://[zz]",
          "wss://[::1]x", "wss://h\xc3\xa4"}) {
        CAPTURE(text);
        CHECK_FALSE(Url::parse(text));
    }
}

TEST_CASE("url: only real loopback addresses are loopback") {
    struct Row {
        const char* text;
        bool loopback;
    };
    const Row rows[] = {
        {"wss://127.0.0.1/", true},         {"wss://127.8.9.10:443", true},
        {"wss://[::1]:443/x", true},        {"wss://localhost", true},
        {"wss://LOCALHOST:1", true},        {"wss://127.0.0.1.example.com", false},
        {"wss://localhost.example", false}, {"wss://128.0.0.1", false},
        {"wss://0.0.0.0", false},           {"wss://[::]", false},
        {"wss://[::ffff:1.2.3.4]", false},  {"wss://10.0.0.1", false},
        {"wss://2130706433", false},        {"wss://web.whatsapp.com", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const auto url = Url::parse(row.text);
        REQUIRE(url);
        CHECK(url->is_loopback() == row.loopback);
    }
}
