#include "bridge/wire/root_reader.hpp"

#include <doctest/doctest.h>

#include "tests/unit/bridge/wire/support.hpp"

using namespace vestari;
using namespace vestari::wire;

TEST_CASE("root reader: tag and attributes, without what follows") {
    // message from=120363…@g.us id="A1", then two children of which nothing is there
    const Bytes frame = test::hex("00f8061306faff091203630000000000011c08fb01a1f802");
    RootReader reader;
    const Node& root = **reader.read(frame);
    CHECK(root.tag == "message");
    CHECK(root.jid_of("from")->to_string() == "120363000000000001@g.us");
    CHECK(root.text_of("id") == "A1");
    CHECK(root.content() == Node::Content::none);
    CHECK(reader.seen() == frame.size() - 3); // without the flag and the two bytes of the list
}

TEST_CASE("root reader: is used again and again, compressed and not") {
    RootReader reader;
    const Bytes frame = test::hex("00f8041908ff0412345678fc03010203");
    const Bytes small = test::compress(frame);
    for (int i = 0; i < 3; ++i) {
        CHECK((*reader.read(frame))->text_of("id") == "12345678");
        CHECK(reader.seen() == 10);
        CHECK((*reader.read(small))->text_of("id") == "12345678");
        CHECK(reader.seen() == 10);
        CHECK(reader.read(test::hex("02ffff")).error() == WireErrc::bad_stream);
        CHECK(reader.read(test::hex("")).error() == WireErrc::truncated);
    }
}

TEST_CASE("root reader: a stream that ends inside the root") {
    RootReader reader;
    CHECK(reader.read(test::compress(test::hex("00f8031908"))).error() == WireErrc::truncated);
    Bytes cut = test::compress(test::hex("00f8031908fc0a706c61696e2074657874"));
    cut.resize(8);
    CHECK(reader.read(cut).error() == WireErrc::truncated_stream);
}

TEST_CASE("root reader: a root as large as it may be, and no larger one is inflated") {
    // 256 values of 64 KiB would be 16 MiB: within the stanza's limit up to the last.
    Bytes body = test::hex("f9020119");
    const std::string value(65'536, 'v');
    for (int i = 0; i < 256; ++i) {
        const std::string key = "k" + std::to_string(i);
        body.push_back(std::byte{252});
        body.push_back(std::byte{static_cast<std::uint8_t>(key.size())});
        append(body, key);
        body.push_back(std::byte{253});
        append_be<3>(body, value.size());
        append(body, value);
    }
    REQUIRE(body.size() > limit::inflated);
    RootReader reader;
    CHECK(reader.read(test::compressed_frame(body)).error() == WireErrc::inflates_too_far);
    CHECK(reader.seen() <= limit::inflated);
}
