// Servers that are not who they should be: each is refused by name, and has received nothing.
#include <doctest/doctest.h>

#include "tests/unit/bridge/net/client.hpp"

using namespace vestari;
using namespace vestari::net;
using test::Certificate;
using test::CertificateOptions;
using test::Role;

namespace {

using namespace std::chrono_literals;

struct Case {
    std::string name;
    test::ServerOptions server;
    Failure failure;
    std::string host = "127.0.0.1";
};

test::ServerOptions serving(const Certificate& leaf, const std::string& above = {}) {
    return {.role = Role::echo,
            .chain = leaf.pem() + above,
            .key = leaf.key_pem(),
            .versions = {},
            .page = {}};
}

CertificateOptions loopback() { return CertificateOptions::for_loopback(); }

template <class Change> CertificateOptions loopback_but(Change change) {
    CertificateOptions options = loopback();
    change(options);
    return options;
}

// A leaf whose own particulars are wrong, signed by the root that is trusted.
std::vector<Case> wrong_leaves(const test::Trust& trust) {
    const auto leaf = [&trust](auto change) {
        return serving(Certificate{loopback_but(change), &trust.root});
    };
    using Options = CertificateOptions;
    Certificate damaged{loopback(), &trust.root};
    damaged.damage_signature();
    return {
        {"expired", leaf([](Options& o) { o.to = -1h; }), Failure::certificate_expired},
        {"not yet valid", leaf([](Options& o) { o.from = 1h; }),
         Failure::certificate_not_yet_valid},
        {"another address", leaf([](Options& o) { o.ip = {"127.0.0.2"}; }),
         Failure::certificate_wrong_host},
        {"the address as a name", leaf([](Options& o) {
             o.ip.clear();
             o.dns = {"127.0.0.1"};
         }),
         Failure::certificate_wrong_host},
        {"another name", leaf([](Options& o) { o.dns = {"example.com"}; }),
         Failure::certificate_wrong_host, "localhost"},
        {"a longer name", leaf([](Options& o) { o.dns = {"localhost.evil.example"}; }),
         Failure::certificate_wrong_host, "localhost"},
        {"a name with a zero byte",
         leaf([](Options& o) { o.dns = {std::string{"localhost\0.evil.example", 23}}; }),
         Failure::certificate_wrong_host, "localhost"},
        {"a wildcard for everything", leaf([](Options& o) { o.dns = {"*"}; }),
         Failure::certificate_wrong_host, "localhost"},
        {"a wildcard within the name", leaf([](Options& o) { o.dns = {"local*"}; }),
         Failure::certificate_wrong_host, "localhost"},
        {"a name only where names no longer stand", leaf([](Options& o) {
             o.common_name = "localhost";
             o.dns.clear();
             o.ip.clear();
         }),
         Failure::certificate_wrong_host, "localhost"},
        {"made for clients", leaf([](Options& o) { o.use = test::CertificateUse::client; }),
         Failure::certificate_wrong_purpose},
        {"a key of 1024 bits", leaf([](Options& o) { o.key = test::CertificateKey::rsa_1024; }),
         Failure::certificate_invalid},
        {"an extension nobody knows", leaf([](Options& o) { o.unknown_critical_extension = true; }),
         Failure::certificate_invalid},
        {"a damaged signature", serving(damaged), Failure::certificate_invalid},
    };
}

// A leaf that is right, and a chain that does not lead to the root that is trusted.
std::vector<Case> wrong_chains(const test::Trust& trust) {
    const Certificate self_signed{loopback()};
    const Certificate other_root{CertificateOptions::authority_named("Another root")};
    const Certificate same_name{CertificateOptions::authority_named("Vestari test root")};
    const auto intermediate = [](auto change) {
        CertificateOptions options = CertificateOptions::authority_named("Vestari intermediate");
        change(options);
        return options;
    };
    const auto under = [&trust](const CertificateOptions& options) {
        const Certificate above{options, &trust.root};
        return serving(Certificate{loopback(), &above}, above.pem());
    };
    const auto same = [](CertificateOptions&) {};
    const Certificate unsent{intermediate(same), &trust.root};
    const Certificate no_authority{loopback(), &trust.root};
    const Certificate short_path{intermediate([](CertificateOptions& o) { o.path_length = 0; }),
                                 &trust.root};
    const Certificate too_deep{CertificateOptions::authority_named("Below"), &short_path};
    test::ServerOptions old = serving(Certificate{loopback(), &trust.root});
    test::ServerOptions older = old;
    old.versions = test::TlsVersions::up_to_1_2;
    older.versions = test::TlsVersions::up_to_1_1;
    return {
        {"self-signed", serving(self_signed), Failure::certificate_unknown_issuer},
        {"of another root", serving(Certificate{loopback(), &other_root}),
         Failure::certificate_unknown_issuer},
        {"of another root, which is sent along",
         serving(Certificate{loopback(), &other_root}, other_root.pem()),
         Failure::certificate_unknown_issuer},
        {"of a root that only bears the name", serving(Certificate{loopback(), &same_name}),
         Failure::certificate_invalid},
        {"without its intermediate", serving(Certificate{loopback(), &unsent}),
         Failure::certificate_unknown_issuer},
        {"under an expired intermediate", under(intermediate([](auto& o) { o.to = -1h; })),
         Failure::certificate_expired},
        {"under an intermediate that may not sign",
         under(intermediate([](auto& o) { o.key_usage = "critical,digitalSignature"; })),
         Failure::certificate_invalid},
        {"under an intermediate for other names", under(intermediate([](auto& o) {
             o.name_constraint = "critical,permitted;DNS:example.com";
         })),
         Failure::certificate_invalid},
        {"under an intermediate signed with SHA-1",
         under(intermediate([](auto& o) { o.digest = test::CertificateDigest::sha1; })),
         Failure::certificate_invalid},
        {"under a server's certificate",
         serving(Certificate{loopback(), &no_authority}, no_authority.pem()),
         Failure::certificate_unknown_issuer},
        {"under a path that is too long",
         serving(Certificate{loopback(), &too_deep}, too_deep.pem() + short_path.pem()),
         Failure::certificate_invalid},
        {"TLS 1.2", old, Failure::tls_too_old},
        {"TLS 1.1", older, Failure::tls_too_old},
    };
}

} // namespace

TEST_CASE(
    "refusals: every server that is not who it should be is refused by name and receives nothing") {
    const test::Trust trust;
    std::vector<Case> cases = wrong_leaves(trust);
    std::ranges::move(wrong_chains(trust), std::back_inserter(cases));
    REQUIRE(cases.size() >= 20);
    for (const Case& one : cases) {
        CAPTURE(one.name);
        const test::TlsServer server{one.server};
        test::Client client{trust.endpoint(server.port(), one.host)};
        client.connection->write(to_bytes("not before it is open"));
        REQUIRE(client.until_closed());
        CHECK(name_of(client.reason->failure) == name_of(one.failure));
        CHECK_FALSE(client.is_open);
        CHECK(server.connections() == 1);
        CHECK(server.application_bytes() == 0);
    }
}

TEST_CASE("refusals: the same servers with nothing wrong are accepted, by address and by name") {
    const test::Trust trust;
    const Certificate above{CertificateOptions::authority_named("Vestari intermediate"),
                            &trust.root};
    for (const auto& options : {serving(Certificate{loopback(), &trust.root}),
                                serving(Certificate{loopback(), &above}, above.pem())}) {
        for (const auto* host : {"127.0.0.1", "localhost"}) {
            const test::TlsServer server{options};
            test::Client client{trust.endpoint(server.port(), host)};
            CHECK(client.until([&client] { return client.is_open; }));
        }
    }
}

TEST_CASE("refusals: without a list of its own, the system's authorities decide, whatever the "
          "environment says") {
    const test::Trust trust;
    const test::TlsServer server{trust.server(Role::echo)};
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the server's thread asks for no variable
    REQUIRE(setenv("SSL_CERT_FILE", trust.ca_file.c_str(), 1) == 0);
    Endpoint endpoint = trust.endpoint(server.port());
    endpoint.peer.ca_file.clear();
    test::Client client{endpoint};
    REQUIRE(client.until_closed());
    unsetenv("SSL_CERT_FILE"); // NOLINT(concurrency-mt-unsafe): as above
    const Failure failure = client.reason->failure;
    CHECK((failure == Failure::certificate_unknown_issuer || failure == Failure::trust_store));
    CHECK(server.application_bytes() == 0);
}

TEST_CASE(
    "refusals: a list of authorities that is not there or is none ends before anything is sent") {
    const test::Trust trust;
    const test::TlsServer server{trust.server(Role::echo)};
    std::ofstream{trust.folder.path() / "empty.pem"} << "nothing";
    for (const auto* name : {"missing.pem", "empty.pem"}) {
        Endpoint endpoint = trust.endpoint(server.port());
        endpoint.peer.ca_file = trust.folder.path() / name;
        test::Client client{endpoint};
        REQUIRE(client.until_closed());
        CHECK(client.reason == CloseReason{Failure::trust_store});
    }
    CHECK(server.connections() == 0);
}
