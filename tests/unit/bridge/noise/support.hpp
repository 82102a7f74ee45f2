// What the tests of the handshake share: vectors from disk, and the one class that may write.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

#include <boost/json.hpp>

#include "bridge/noise/handshake.hpp"
#include "vestari/base/bytes.hpp"
#include "vestari/base/check.hpp"

namespace vestari::test {

namespace json = boost::json;

inline json::value connection_vectors(const std::string& name) {
    std::ifstream in{VESTARI_TEST_DATA "/vectors/connection/" + name, std::ios::binary};
    VESTARI_CHECK(in.good());
    return json::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
}

inline Bytes hex_at(const json::value& object, std::string_view key) {
    const json::string& text = object.at(key).as_string();
    return from_hex({text.data(), text.size()}).value();
}

template <std::size_t N> std::array<std::byte, N> array_of(BytesView bytes) {
    std::array<std::byte, N> array{};
    VESTARI_CHECK(bytes.size() == N);
    std::ranges::copy(bytes, array.begin());
    return array;
}

inline TimePoint at_seconds(std::int64_t seconds) {
    return TimePoint{std::chrono::seconds{seconds}};
}

} // namespace vestari::test

namespace vestari::outbound {

// Stands in for the real Port, which is not linked here: Sealing lets no other class write.
class Port {
public:
    static Result<Bytes> seal(noise::Sealing& sealing, BytesView plain) {
        return sealing.seal(plain);
    }
};

} // namespace vestari::outbound
