// The published vectors' keys as a device, stanzas built for tests.
#pragma once

#include <fstream>
#include <sstream>

#include <boost/json.hpp>

#include "bridge/link/device.hpp"
#include "bridge/wire/decoder.hpp"
#include "bridge/wire/encoder.hpp"

namespace vestari::test {

inline boost::json::object connection_vectors(std::string_view name) {
    std::ifstream file{std::string{VESTARI_TEST_DATA} + "/vectors/connection/" + std::string{name}};
    std::stringstream text;
    text << file.rdbuf();
    return boost::json::parse(text.str()).as_object();
}

inline std::string_view text_of(const boost::json::object& object, std::string_view name) {
    return object.at(name).as_string();
}

inline Bytes hex_of(const boost::json::object& object, std::string_view name) {
    return from_hex(text_of(object, name)).value();
}

template <std::size_t N>
std::array<std::byte, N> fixed_hex(const boost::json::object& object, std::string_view name) {
    const Bytes bytes = hex_of(object, name);
    std::array<std::byte, N> fixed{};
    std::copy_n(bytes.begin(), N, fixed.begin());
    return fixed;
}

template <class Secret> Secret secret_of(const boost::json::object& object, std::string_view name) {
    return Secret::from(hex_of(object, name)).value();
}

inline link::CurvePair pair_of(const boost::json::object& keys) {
    return link::CurvePair::of(secret_of<crypto::CurvePrivateKey>(keys, "private_hex"));
}

// The device of the vectors: noise_static in qr.json, the identity and ADV secret that all of them share.
inline link::DeviceSecrets vector_device() {
    const boost::json::object qr = connection_vectors("qr.json");
    const boost::json::object& keys = qr.at("keys").as_object();
    return {crypto::NoiseKeyPair::of(secret_of<crypto::NoisePrivateKey>(
                keys.at("noise_static").as_object(), "private_hex")),
            pair_of(keys.at("identity").as_object()),
            13103,
            {},
            secret_of<link::AdvSecret>(keys, "adv_secret_hex")};
}

// A stanza that owns its bytes.
class Stanza {
public:
    explicit Stanza(Bytes frame)
        : frame_{std::move(frame)}, document_{wire::decode(frame_).value()} {}
    explicit Stanza(const wire::OutNode& node) : Stanza{wire::encode(node)} {}
    const wire::Node& root() const noexcept { return document_.root(); }

private:
    Bytes frame_;
    wire::Document document_;
};

inline wire::OutNode parent(std::string tag, std::vector<wire::OutNode> children) {
    wire::OutNode node{.tag = std::move(tag)};
    node.content = std::move(children);
    return node;
}

inline wire::OutNode leaf(std::string tag, BytesView content) {
    wire::OutNode node{.tag = std::move(tag)};
    node.content = to_bytes(content);
    return node;
}

} // namespace vestari::test
