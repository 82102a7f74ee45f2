// Blind indexes: golden values computed apart from this code (Python's hmac), and what must differ.
#include <doctest/doctest.h>

#include <set>

#include "vestari/crypto/blind_index.hpp"

using namespace vestari;
using namespace vestari::crypto;

namespace {

BlindIndex index_of(unsigned char value) {
    return BlindIndex{IndexKey::from(Bytes(32, std::byte{value})).value()};
}

} // namespace

TEST_CASE("blind index: the golden values") {
    const BlindIndex index = index_of(0x40);
    CHECK(to_hex(index.chat("120363000000000001@g.us")) ==
          "31a6326b281e3af7af85766d699014333ec8973b6fde35e1a77bf734b7c355c6");
    CHECK(to_hex(index.sender("31612345678")) ==
          "1f85a7ffa66a7c925682f8e9e2e3febb58ffd35205ea8e3341ac95c4b4190cc3");
    CHECK(to_hex(index.message("120363000000000001@g.us", "3EB0ABCDEF")) ==
          "284c76e856ce321494d2dfbfa68b88defc68c59e7fb213f25a91309744b02c62");
    CHECK(to_hex(index.of("dropped", {"id", "from", "participant"})) ==
          "93c3de01aeda94a151b6d04f412412ae2a03a4b087c1713a6df6319be4115884");
}

TEST_CASE("blind index: labels, parts, their borders and keys all count") {
    const BlindIndex index = index_of(0x40);
    const std::set<Digest> digests{
        index.of("a", {"bc"}),     index.of("ab", {"c"}),     index.of("a", {"b", "c"}),
        index.of("a", {"bc", ""}), index.of("a", {"", "bc"}), index.chat("x"),
        index.sender("x"),         index.message("x", "y"),   index.message("xy", ""),
        index.message("", "xy"),   index_of(0x41).chat("x"),
    };
    CHECK(digests.size() == 11);
    CHECK(index.chat("x") == index_of(0x40).chat("x"));
    CHECK(index.of("a", {as_bytes("b"), as_bytes("c")}) == index.of("a", {"b", "c"}));
}
