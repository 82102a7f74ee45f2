// The published transcript of a whole handshake, byte for byte.
#include <doctest/doctest.h>

#include "bridge/noise/errors.hpp"
#include "bridge/noise/frame_reader.hpp"
#include "tests/unit/bridge/noise/support.hpp"

namespace vestari::noise {

// The only way to an ephemeral key that is known beforehand.
struct KnownEphemeral {
    static ClientHandshake handshake(const StaticKey& device, const RootKey& root,
                                     BytesView routing_info, crypto::NoiseKeyPair ephemeral) {
        return ClientHandshake{device, root, routing_info, std::move(ephemeral)};
    }
};

} // namespace vestari::noise

using namespace vestari;
using namespace vestari::noise;

namespace {

struct Transcript {
    test::json::value file = test::connection_vectors("noise_xx.json");
    const test::json::value& handshake = file.at("handshake");

    crypto::NoiseKeyPair pair(std::string_view name) const {
        Bytes bytes = test::hex_at(file.at("keys").at(name), "private_hex");
        return crypto::NoiseKeyPair::of(crypto::NoisePrivateKey::from(bytes).value());
    }
    Bytes key(std::string_view name) const {
        return test::hex_at(file.at("keys").at(name), "public_hex");
    }
    ClientHandshake client(BytesView routing_info = {}) const {
        return KnownEphemeral::handshake(pair("client_static"),
                                         test::array_of<32>(key("test_root")), routing_info,
                                         pair("client_ephemeral"));
    }
    Bytes server_hello() const { return test::hex_at(handshake, "server_hello_proto_hex"); }
    Bytes payload() const { return test::hex_at(handshake, "client_payload_hex"); }
};

const TimePoint now = test::at_seconds(1'750'000'000);

} // namespace

TEST_CASE("noise_xx.json: keys are as published") {
    const Transcript t;
    for (const auto* name : {"client_ephemeral", "client_static", "server_ephemeral"}) {
        CHECK(to_hex(t.pair(name).public_key) == to_hex(t.key(name)));
    }
}

TEST_CASE("noise_xx.json: every step leaves the hash that it should") {
    const Transcript t;
    const auto& steps = t.handshake.at("symmetric_state_steps").as_array();
    const auto hash_after = [&steps](std::size_t step) {
        return std::string{steps.at(step).at("h").as_string().c_str()};
    };
    REQUIRE(steps.size() == 11);
    SymmetricState state;
    CHECK(to_hex(state.hash()) == hash_after(1));
    state.mix_hash(t.key("client_ephemeral"));
    CHECK(to_hex(state.hash()) == hash_after(2));
    state.mix_hash(t.key("server_ephemeral"));
    CHECK(to_hex(state.hash()) == hash_after(3));
    const auto mix = [&state](const crypto::NoiseKeyPair& own, const Bytes& theirs) {
        state.mix_key(crypto::x25519(own.private_key, BytesView{theirs}.first<32>()).value());
    };
    mix(t.pair("server_ephemeral"), t.key("client_ephemeral"));
    CHECK(to_hex(state.hash()) == hash_after(4));
    state.encrypt(t.key("server_static"));
    CHECK(to_hex(state.hash()) == hash_after(5));
    mix(t.pair("server_static"), t.key("client_ephemeral"));
    state.encrypt(test::hex_at(t.file, "cert_chain_hex"));
    CHECK(to_hex(state.hash()) == hash_after(7));
    state.encrypt(t.key("client_static"));
    CHECK(to_hex(state.hash()) == hash_after(8));
    mix(t.pair("client_static"), t.key("server_ephemeral"));
    state.encrypt(t.payload());
    CHECK(to_hex(state.hash()) == hash_after(10));
    const SymmetricState::Keys keys = std::move(state).split();
    CHECK(to_hex(keys.client_to_server.expose()) ==
          t.handshake.at("transport_client_to_server_key").as_string().c_str());
    CHECK(to_hex(keys.server_to_client.expose()) ==
          t.handshake.at("transport_server_to_client_key").as_string().c_str());
}

TEST_CASE("noise_xx.json: the three messages and the frames after them are those published") {
    const Transcript t;
    ClientHandshake client = t.client();
    CHECK(client.hello() == test::hex_at(t.handshake, "frame1_client_hello_hex"));
    Result<Finished> finished = std::move(client).finish(t.server_hello(), t.payload(), now);
    REQUIRE(finished.has_value());
    CHECK(finished->client_finish == test::hex_at(t.handshake, "frame3_client_finish_hex"));
    std::size_t frames = 0;
    for (const test::json::value& item : t.handshake.at("transport").as_array()) {
        const Bytes plain = test::hex_at(item, "plaintext_hex");
        const Bytes frame = test::hex_at(item, "frame_hex");
        CAPTURE(frames);
        if (item.at("direction").as_string() == "client_to_server") {
            CHECK(outbound::Port::seal(finished->sealing, plain).value() == frame);
        } else {
            CHECK(finished->opening.open(BytesView{frame}.subspan(frame_header_bytes)).value() ==
                  plain);
        }
        ++frames;
    }
    CHECK(frames >= 2);
}

TEST_CASE("noise_xx.json: the routing prefix stands before the introduction and is not hashed") {
    const Transcript t;
    const test::json::value& variant = t.file.at("edge_routing_variant");
    ClientHandshake client = t.client(test::hex_at(variant, "routing_info_hex"));
    CHECK(client.hello() == test::hex_at(variant, "frame1_client_hello_hex"));
    const Result<Finished> finished = std::move(client).finish(t.server_hello(), t.payload(), now);
    REQUIRE(finished.has_value());
    CHECK(finished->client_finish == test::hex_at(t.handshake, "frame3_client_finish_hex"));
}

TEST_CASE("noise_xx.json: a frame under the counter after the next is refused, and all after it") {
    const Transcript t;
    Result<Finished> finished = t.client().finish(t.server_hello(), t.payload(), now);
    REQUIRE(finished.has_value());
    std::vector<Bytes> down;
    for (const test::json::value& item : t.handshake.at("transport").as_array()) {
        if (item.at("direction").as_string() == "server_to_client") {
            down.push_back(test::hex_at(item, "frame_hex"));
            down.back().erase(down.back().begin(), down.back().begin() + 3);
        }
    }
    REQUIRE(down.size() >= 2);
    CHECK(finished->opening.open(down.at(1)).error() == NoiseErrc::cannot_decrypt);
    CHECK(finished->opening.open(down.at(0)).error() == NoiseErrc::cannot_decrypt);
    CHECK(finished->opening.open(down.at(1)).error() == NoiseErrc::cannot_decrypt);
}

TEST_CASE("noise_xx.json: no bit of the server's message can be changed unnoticed") {
    const Transcript t;
    const Bytes hello = t.server_hello();
    for (std::size_t bit = 0; bit < hello.size() * 8; ++bit) {
        Bytes altered = hello;
        altered[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
        CAPTURE(bit);
        // The top bit of the ephemeral key counts for the hash alone, and that is enough.
        REQUIRE_FALSE(t.client().finish(altered, t.payload(), now).has_value());
    }
    for (std::size_t length = 0; length < hello.size(); ++length) {
        REQUIRE_FALSE(
            t.client().finish(BytesView{hello}.first(length), t.payload(), now).has_value());
    }
}
