// Reads the vectors below tests/vectors/messages.
#pragma once

#include <fstream>
#include <sstream>

#include <boost/json.hpp>

#include "bridge/signal/decryptor.hpp"

namespace vestari::test {

inline boost::json::value read_vectors(std::string_view name) {
    std::ifstream file{std::string{VESTARI_TEST_DATA} + "/vectors/messages/" + std::string{name}};
    std::stringstream text;
    text << file.rdbuf();
    return boost::json::parse(text.str());
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

inline signal::Address address_in(const boost::json::object& object) {
    return {std::string{text_of(object, "name")}, object.at("device").to_number<std::uint32_t>()};
}

inline signal::DeviceKeys receiver_keys(const boost::json::object& receiver) {
    signal::DeviceKeys keys;
    keys.registration_id = receiver.at("registration_id").to_number<std::uint32_t>();
    keys.identity = {fixed_hex<33>(receiver, "identity_public"),
                     fixed_hex<32>(receiver, "identity_private")};
    const boost::json::object& signed_key = receiver.at("signed_prekey").as_object();
    keys.signed_pre_key = {
        signed_key.at("id").to_number<std::uint32_t>(),
        {fixed_hex<33>(signed_key, "public"), fixed_hex<32>(signed_key, "private")}};
    keys.signed_pre_key_signature = fixed_hex<64>(signed_key, "signature");
    for (const boost::json::value& entry : receiver.at("one_time_prekeys").as_array()) {
        const boost::json::object& key = entry.as_object();
        keys.pre_keys.push_back({key.at("id").to_number<std::uint32_t>(),
                                 {fixed_hex<33>(key, "public"), fixed_hex<32>(key, "private")}});
    }
    return keys;
}

} // namespace vestari::test
