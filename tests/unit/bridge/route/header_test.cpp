// The header is read without touching what follows the root's attributes.
#include "bridge/route/stanza_header.hpp"

#include <doctest/doctest.h>

#include "bridge/wire/decoder.hpp"
#include "tests/unit/bridge/route/support.hpp"

using namespace vestari;
using namespace vestari::route;

namespace {

// A direct message: attributes, then one child with a payload that does not compress.
Bytes direct_message() {
    wire::OutNode enc{.tag = "enc",
                      .attributes = {{"v", std::string{"2"}}, {"type", std::string{"msg"}}}};
    Bytes payload(600);
    std::uint32_t state = 1;
    for (std::byte& b : payload) {
        state = state * 1664525U + 1013904223U;
        b = std::byte{static_cast<std::uint8_t>(state >> 24U)};
    }
    enc.content = payload;
    wire::OutNode message{.tag = "message",
                          .attributes = {{"from", Jid::parse("33333333333333:1@lid").value()},
                                         {"id", std::string{"3EB0E2E0000000000013"}},
                                         {"t", std::string{"1780000014"}},
                                         {"type", std::string{"text"}},
                                         {"notify", std::string{"Somebody \xc3\xbc"}}}};
    message.content = std::vector{enc};
    return wire::encode(message);
}

const Own me = test::own_of("15550100001:5@s.whatsapp.net", "77777777777777:5@lid");
const IncludeList nothing;

std::size_t root_bytes(BytesView frame) { // of the body
    wire::RootReader reader;
    REQUIRE(reader.read(frame).has_value());
    return reader.seen();
}

} // namespace

TEST_CASE("header: the attributes of a message") {
    wire::RootReader reader;
    const Bytes frame = direct_message();
    const StanzaHeader header = header_of(*reader.read(frame).value());
    CHECK(header.tag == "message");
    CHECK(header.from->to_string() == "33333333333333:1@lid");
    CHECK_FALSE(header.participant.has_value());
    CHECK_FALSE(header.broken);
    CHECK(header.id == "3EB0E2E0000000000013");
    CHECK(header.t == 1780000014U);
    CHECK(header.type == "text");
    CHECK(header.notify == "Somebody \xc3\xbc");
    CHECK(header.offline.empty());
}

TEST_CASE("header: an empty value counts as absent, a time that is no number too") {
    // from="" (LIST_EMPTY), recipient="" (BINARY_8 of length 0), t="1-1"
    const Bytes frame = test::hex("00f807130600"
                                  "94fc00"
                                  "1aff821a1f");
    wire::RootReader reader;
    const StanzaHeader header = header_of(*reader.read(frame).value());
    CHECK_FALSE(header.from.has_value());
    CHECK_FALSE(header.recipient.has_value());
    CHECK_FALSE(header.broken);
    CHECK_FALSE(header.t.has_value());
}

TEST_CASE("header: a dropped stanza is dropped whatever follows its root, and however it ends") {
    const Bytes frame = direct_message();
    const std::size_t root = 1 + root_bytes(frame);
    REQUIRE(root < frame.size() - 600);
    for (std::size_t size = root; size < frame.size(); size += 7) { // cut short anywhere
        const BytesView cut{frame.data(), size};
        CHECK(test::decision(cut, nothing, me) == Decision{Route::drop, DropReason::direct});
        CHECK_FALSE(wire::decode(cut).has_value());
    }
    Bytes noise = frame;
    std::fill(noise.begin() + static_cast<std::ptrdiff_t>(root), noise.end(), std::byte{0xf0});
    CHECK(test::decision(noise, nothing, me) == Decision{Route::drop, DropReason::direct});
    CHECK_FALSE(wire::decode(noise).has_value());
    for (std::size_t size = 0; size < root; ++size) { // one byte less and it is not there
        wire::RootReader reader;
        CHECK(reader.read({frame.data(), size}).error() == wire::WireErrc::truncated);
    }
}

TEST_CASE("header: of a compressed stanza nothing behind the root is inflated") {
    const Bytes frame = direct_message();
    const Bytes small = test::compress(frame);
    wire::RootReader reader;
    REQUIRE(reader.read(small).has_value());
    CHECK(reader.seen() == root_bytes(frame)); // byte for byte
    CHECK(test::decision(small, nothing, me) == Decision{Route::drop, DropReason::direct});

    // Damage from the last third on is found by the decoder and not seen by the header.
    Bytes damaged = small;
    for (std::size_t i = damaged.size() * 2 / 3; i < damaged.size(); ++i) {
        damaged[i] ^= std::byte{0x5a};
    }
    CHECK_FALSE(wire::decode(damaged).has_value());
    CHECK(test::decision(damaged, nothing, me) == Decision{Route::drop, DropReason::direct});

    Bytes cut = small;
    cut.resize(small.size() * 2 / 3);
    CHECK(wire::decode(cut).error() == wire::WireErrc::truncated_stream);
    CHECK(test::decision(cut, nothing, me) == Decision{Route::drop, DropReason::direct});
}

TEST_CASE("header: damage right behind a compressed root changes nothing") {
    // Stored blocks: the root's bytes in one, and the next block's header is of a type that does not exist.
    const Bytes frame = direct_message();
    const std::size_t root = root_bytes(frame);
    REQUIRE(root < 256);
    Bytes small = test::hex("027801");
    const auto length = static_cast<std::uint8_t>(root);
    for (const std::uint8_t b : {std::uint8_t{0}, length, std::uint8_t{0},
                                 static_cast<std::uint8_t>(~length), std::uint8_t{0xff}}) {
        small.push_back(std::byte{b});
    }
    append(small, BytesView{frame}.subspan(1, root));
    small.push_back(std::byte{0x07}); // block type 3
    CHECK(test::decision(small, nothing, me) == Decision{Route::drop, DropReason::direct});
    CHECK(wire::decode(small).error() == wire::WireErrc::bad_stream);
}

TEST_CASE("header: what an included stanza lacks behind its root is found when it is decoded") {
    const IncludeList list = test::included({"120363000000000001@g.us"});
    const Bytes frame =
        test::hex("00f8081306faff091203630000000000011c05f70103ff071111111111111108fb01a1f803");
    CHECK(test::decision(frame, list, me) == Decision{Route::decrypt});
    CHECK(wire::decode(frame).error() == wire::WireErrc::truncated);
}
