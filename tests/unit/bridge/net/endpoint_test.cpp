#include <doctest/doctest.h>

#include "bridge/net/close_reason.hpp"
#include "bridge/net/endpoint.hpp"

using namespace vestari;
using namespace vestari::net;

namespace {

const std::string other_root(64, 'a');

config::Whatsapp at(std::string url) {
    config::Whatsapp whatsapp;
    whatsapp.url = std::move(url);
    return whatsapp;
}

} // namespace

TEST_CASE("endpoint: the service itself, with the system's trust and WhatsApp's root") {
    const Endpoint endpoint = endpoint_of(config::Whatsapp{}).value();
    CHECK(endpoint.peer == Peer{"web.whatsapp.com", 443, {}});
    CHECK(endpoint.path == "/ws/chat");
    CHECK(endpoint.root_key == noise::whatsapp_root);
    CHECK_FALSE(endpoint.media);
    CHECK(endpoint_of(at("wss://WEB.whatsapp.com/ws/chat")).has_value());
}

TEST_CASE("endpoint: a service on this machine may have its own root, authorities and media host") {
    for (const auto* url : {"wss://127.0.0.1:4443/ws/chat", "wss://127.9.8.7:4443/ws/chat",
                            "wss://[::1]:4443/ws/chat", "wss://localhost:4443/ws/chat"}) {
        CAPTURE(url);
        config::Whatsapp whatsapp = at(url);
        whatsapp.root_key = other_root;
        whatsapp.ca_file = "/tmp/ca.pem";
        whatsapp.media_url = "https://127.0.0.1:8443";
        const Endpoint endpoint = endpoint_of(whatsapp).value();
        CHECK(endpoint.peer.port == 4443);
        CHECK(endpoint.peer.ca_file == "/tmp/ca.pem");
        CHECK(to_hex(endpoint.root_key) == other_root);
        CHECK(endpoint.media == Peer{"127.0.0.1", 8443, "/tmp/ca.pem"});
    }
}

TEST_CASE("endpoint: any other host is refused, however it is dressed up, and so is every override "
          "for it") {
    struct Row {
        const char* url;
        EndpointErrc error;
    };
    const Row rows[] = {
        {"wss://example.com/ws/chat", EndpointErrc::foreign_host},
        {"wss://127.0.0.1.evil.com/ws/chat", EndpointErrc::foreign_host},
        {"wss://localhost.evil.com/ws/chat", EndpointErrc::foreign_host},
        {"wss://evil-localhost/ws/chat", EndpointErrc::foreign_host},
        {"wss://localhost./ws/chat", EndpointErrc::foreign_host},
        {"wss://web.whatsapp.com.evil.com/ws/chat", EndpointErrc::foreign_host},
        {"wss://web.whatsapp.com./ws/chat", EndpointErrc::foreign_host},
        {"wss://web.whatsapp.com:8443/ws/chat", EndpointErrc::foreign_host},
        {"wss://web.whatsapp.com/ws/other", EndpointErrc::foreign_host},
        {"wss://0.0.0.0:4443/ws/chat", EndpointErrc::foreign_host},
        {"wss://[::]:4443/ws/chat", EndpointErrc::foreign_host},
        {"wss://[::ffff:127.0.0.1]:4443/ws/chat", EndpointErrc::foreign_host},
        {"wss://128.0.0.1/ws/chat", EndpointErrc::foreign_host},
        {"wss://10.0.0.1/ws/chat", EndpointErrc::foreign_host},
        {"wss://127.1/ws/chat", EndpointErrc::foreign_host},
        {"wss://0x7f.0.0.1/ws/chat", EndpointErrc::foreign_host},
        {"wss://0177.0.0.1/ws/chat", EndpointErrc::foreign_host},
        {"wss://2130706433/ws/chat", EndpointErrc::foreign_host},
        {"wss://127.0.0.1@evil.com/ws/chat", EndpointErrc::bad_url},
        {"wss://localhost:4443@evil.com/ws/chat", EndpointErrc::bad_url},
        {"wss://127.0.0.1\\@evil.com/ws/chat", EndpointErrc::bad_url},
        {"wss://evil.com#@127.0.0.1/", EndpointErrc::bad_url},
        {"wss://evil.com?127.0.0.1/", EndpointErrc::bad_url},
        {"wss://127.0.0.1%2eevil.com/", EndpointErrc::bad_url},
        {"ws://127.0.0.1:4443/ws/chat", EndpointErrc::bad_url},
        {"https://127.0.0.1:4443/ws/chat", EndpointErrc::bad_url},
        {"127.0.0.1:4443", EndpointErrc::bad_url},
        {"", EndpointErrc::bad_url},
    };
    for (const Row& row : rows) {
        CAPTURE(row.url);
        CHECK(endpoint_of(at(row.url)).error() == row.error);
        config::Whatsapp whatsapp = at(row.url);
        whatsapp.root_key = other_root;
        CHECK(endpoint_of(whatsapp).error() == row.error);
    }
}

TEST_CASE("endpoint: the service itself takes no other root, authorities or media host") {
    config::Whatsapp root;
    root.root_key = other_root;
    config::Whatsapp authorities;
    authorities.ca_file = "/tmp/ca.pem";
    config::Whatsapp media;
    media.media_url = "https://127.0.0.1:8443";
    for (const config::Whatsapp* whatsapp : {&root, &authorities, &media}) {
        CHECK(endpoint_of(*whatsapp).error() == EndpointErrc::override_not_loopback);
    }
}

TEST_CASE(
    "endpoint: malformed roots and foreign media hosts are refused beside a local service too") {
    for (const auto* root : {"ab", "zz", "0"}) {
        config::Whatsapp whatsapp = at("wss://127.0.0.1:1/");
        whatsapp.root_key = root;
        CHECK(endpoint_of(whatsapp).error() == EndpointErrc::bad_root_key);
    }
    for (const auto* url : {"https://media.example:1", "http://127.0.0.1:1", "https://0.0.0.0:1",
                            "https://127.0.0.1.evil.com", "https://127.0.0.1:1/path", "nonsense"}) {
        config::Whatsapp whatsapp = at("wss://127.0.0.1:1/");
        whatsapp.media_url = url;
        CHECK(endpoint_of(whatsapp).error() == EndpointErrc::bad_media_url);
    }
}

TEST_CASE("close reasons: what section 2.1 calls retryable is, and no other HTTP status") {
    for (unsigned status = 100; status < 600; ++status) {
        const bool wanted = status == 408 || (status >= 500 && status <= 504);
        CHECK(retryable({Failure::http_status, status}) == wanted);
    }
    for (int i = 0; i <= static_cast<int>(Failure::write_stalled); ++i) {
        const auto failure = static_cast<Failure>(i);
        CHECK(name_of(failure) != "unknown");
        CHECK(describe(failure) != "unknown connection failure");
    }
    CHECK_FALSE(retryable({Failure::certificate_wrong_host}));
    CHECK(retryable({Failure::refused}));
}
