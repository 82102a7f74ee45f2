// The client against a responder of our own: right, and wrong in every way.
#include <doctest/doctest.h>

#include "bridge/noise/errors.hpp"
#include "bridge/noise/frame_reader.hpp"
#include "tests/support/noise_responder.hpp"
#include "tests/unit/bridge/noise/support.hpp"

using namespace vestari;
using namespace vestari::noise;

static_assert(!std::is_copy_constructible_v<Sealing> && !std::is_copy_constructible_v<Opening>);
static_assert(!std::is_constructible_v<Sealing, crypto::CountedKey>);
static_assert(!std::is_constructible_v<Opening, crypto::CountedKey>);
template <class T>
concept seals = requires(T& sealing, BytesView plain) { sealing.seal(plain); };
static_assert(!seals<Sealing>); // nobody but the Port
template <class T>
concept finishes_again =
    requires(T& handshake, BytesView b, TimePoint t) { handshake.finish(b, b, t); };
static_assert(!finishes_again<ClientHandshake>); // only by giving the handshake up

namespace {

const TimePoint now = test::at_seconds(1'790'000'000);
const test::NoiseAuthority authority{1};

struct Client {
    StaticKey device = crypto::NoiseKeyPair::generate();
    ClientHandshake handshake{device, authority.root_key(), {}};

    // The first frame, as the service cuts it out.
    Bytes first_frame() const {
        const Bytes hello = handshake.hello();
        const auto intro = test::read_introduction(hello).value().value();
        return {hello.begin() + static_cast<std::ptrdiff_t>(intro.length + frame_header_bytes),
                hello.end()};
    }
};

BytesView body(const Bytes& frame) { return BytesView{frame}.subspan(frame_header_bytes); }

} // namespace

TEST_CASE("handshake: both ends agree, know one another's keys and understand each other") {
    Client client;
    test::NoiseResponder server{authority, 2};
    const Bytes hello = server.hello(client.first_frame(), now).value();
    Result<Finished> finished =
        std::move(client.handshake).finish(body(hello), as_bytes("who I am"), now);
    REQUIRE(finished.has_value());
    CHECK(as_text(server.finish(body(finished->client_finish)).value()) == "who I am");
    CHECK(server.client_key() == client.device.public_key);
    for (int i = 0; i < 300; ++i) {
        const Bytes text = to_bytes("message " + std::to_string(i));
        CHECK(finished->opening.open(body(server.seal(text))).value() == text);
        const Bytes up = outbound::Port::seal(finished->sealing, text).value();
        CHECK(up.size() == text.size() + 3 + 16);
        CHECK(server.open(body(up)).value() == text);
    }
}

TEST_CASE("handshake: a server with a wrong certificate gets nothing more") {
    for (int i = 1; i <= static_cast<int>(test::last_chain_fault); ++i) {
        CAPTURE(i);
        Client client;
        test::NoiseResponder server{authority, 2};
        const Bytes hello =
            server.hello(client.first_frame(), now, static_cast<test::ChainFault>(i)).value();
        CHECK_FALSE(
            std::move(client.handshake).finish(body(hello), as_bytes("x"), now).has_value());
    }
    Client client;
    const test::NoiseAuthority other{9};
    test::NoiseResponder server{other, 2};
    const Bytes hello = server.hello(client.first_frame(), now).value();
    CHECK(std::move(client.handshake).finish(body(hello), as_bytes("x"), now).error() ==
          NoiseErrc::certificate_not_signed_by_root);
}

TEST_CASE("handshake: two connections of one device share no key") {
    const StaticKey device = crypto::NoiseKeyPair::generate();
    const ClientHandshake a{device, authority.root_key(), {}};
    const ClientHandshake b{device, authority.root_key(), {}};
    CHECK(a.hello() != b.hello());
    CHECK(a.hello() == a.hello());
}

TEST_CASE("handshake: an answer meant for another connection is refused") {
    Client first;
    Client second;
    test::NoiseResponder server{authority, 2};
    const Bytes hello = server.hello(first.first_frame(), now).value();
    CHECK(std::move(second.handshake).finish(body(hello), as_bytes("x"), now).error() ==
          NoiseErrc::cannot_decrypt);
}

TEST_CASE("handshake: what is no server hello, or a weak one, is refused by name") {
    // HandshakeMessage{ serverHello: { ephemeral, static, payload } } with these lengths.
    const auto hello = [](std::size_t ephemeral, std::size_t fixed, std::size_t payload,
                          std::byte fill) {
        Bytes inner;
        for (const auto& [key, length] :
             {std::pair{0x0a, ephemeral}, std::pair{0x12, fixed}, std::pair{0x1a, payload}}) {
            if (length > 0) {
                inner.push_back(static_cast<std::byte>(key));
                inner.push_back(static_cast<std::byte>(length));
                inner.insert(inner.end(), length, fill);
            }
        }
        Bytes out{std::byte{0x1a}, static_cast<std::byte>(0x80U | (inner.size() & 0x7fU)),
                  static_cast<std::byte>(inner.size() >> 7U)};
        append(out, inner);
        return out;
    };
    struct Row {
        Bytes bytes;
        NoiseErrc error;
    };
    const Row rows[] = {
        {{}, NoiseErrc::malformed_hello},
        {to_bytes("HTTP/1.1 400 Bad Request"), NoiseErrc::malformed_hello},
        {hello(0, 48, 17, std::byte{9}), NoiseErrc::malformed_hello},
        {hello(31, 48, 17, std::byte{9}), NoiseErrc::malformed_hello},
        {hello(33, 48, 17, std::byte{9}), NoiseErrc::malformed_hello},
        {hello(32, 0, 17, std::byte{9}), NoiseErrc::malformed_hello},
        {hello(32, 47, 17, std::byte{9}), NoiseErrc::malformed_hello},
        {hello(32, 48, 0, std::byte{9}), NoiseErrc::malformed_hello},
        {hello(32, 48, 16, std::byte{9}), NoiseErrc::malformed_hello},
        {hello(32, 48, 17, std::byte{9}), NoiseErrc::cannot_decrypt},
        {hello(32, 48, 17, std::byte{0}), NoiseErrc::weak_server_key}, // a point of low order
        {Bytes(max_frame_before_login + 1, std::byte{0}), NoiseErrc::malformed_hello},
    };
    for (const Row& row : rows) {
        CAPTURE(row.bytes.size());
        Client client;
        CHECK(std::move(client.handshake).finish(row.bytes, as_bytes("x"), now).error() ==
              row.error);
    }
}

TEST_CASE("handshake: routing information of more than 1 KiB is ignored") {
    const StaticKey device = crypto::NoiseKeyPair::generate();
    for (const std::size_t length : {std::size_t{0}, std::size_t{1}, max_routing_info}) {
        const ClientHandshake client{device, authority.root_key(), Bytes(length)};
        const auto intro = test::read_introduction(client.hello()).value().value();
        CHECK(intro.routing_info.size() == length);
    }
    const ClientHandshake client{device, authority.root_key(), Bytes(max_routing_info + 1)};
    CHECK(as_text(client.hello()).starts_with("WA"));
}

TEST_CASE("transport: an empty frame, a short one and one too long do not pass") {
    Client client;
    test::NoiseResponder server{authority, 2};
    const Bytes hello = server.hello(client.first_frame(), now).value();
    Finished finished = std::move(client.handshake).finish(body(hello), as_bytes("x"), now).value();
    CHECK(outbound::Port::seal(finished.sealing, Bytes(max_frame_bytes - 15)).error() ==
          NoiseErrc::frame_too_large);
    CHECK(finished.opening.open({}).error() == NoiseErrc::cannot_decrypt);
    CHECK(server.finish(body(finished.client_finish)).has_value());
    CHECK(finished.opening.open(body(server.seal(as_bytes("late")))).error() ==
          NoiseErrc::cannot_decrypt);
}
