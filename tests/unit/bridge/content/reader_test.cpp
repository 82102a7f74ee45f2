#include "bridge/content/protobuf_reader.hpp"

#include <doctest/doctest.h>

#include "build.hpp"

using namespace vestari;
using namespace vestari::content;

namespace {

struct Read {
    std::vector<Field> fields;
    std::optional<ContentErrc> error;
};

Read read_all(BytesView input) {
    Read read;
    Fault fault;
    WireReader in{Block{input}, fault};
    while (const auto field = in.next()) {
        read.fields.push_back(*field);
    }
    if (fault) {
        read.error = fault.error();
    }
    CHECK_FALSE(in.next().has_value());
    return read;
}

} // namespace

TEST_CASE("wire reader: reads each wire type and steps over fixed numbers") {
    const Bytes input = from_hex("08ac02"
                                 "0d01020304"
                                 "110102030405060708"
                                 "1a03616263"
                                 "2001")
                            .value();
    const Read read = read_all(input);
    REQUIRE(!read.error);
    REQUIRE(read.fields.size() == 5);
    CHECK(read.fields[0].key == varint(1));
    CHECK(read.fields[0].value == 300);
    CHECK(read.fields[1].number() == 1);
    CHECK_FALSE(read.fields[1].is_bytes());
    CHECK(read.fields[2].number() == 2);
    CHECK(read.fields[3].key == bytes(3));
    CHECK(read.fields[3].text() == "abc");
    CHECK(read.fields[3].view.data() == input.data() + 19); // a view into the input, not a copy
    CHECK(read.fields[4].flag());
}

TEST_CASE("wire reader: refuses what is not protobuf, at once and for good") {
    struct Row {
        std::string_view hex;
        std::optional<ContentErrc> want;
    };
    const Row rows[] = {
        {"", std::nullopt},
        {"0800", std::nullopt},
        {"0a00", std::nullopt},
        {"08", ContentErrc::truncated},
        {"0880", ContentErrc::truncated},
        {"0a", ContentErrc::truncated},
        {"0a01", ContentErrc::truncated},
        {"0aff", ContentErrc::truncated},
        {"0d010203", ContentErrc::truncated},
        {"0901020304050607", ContentErrc::truncated},
        {"80", ContentErrc::truncated},
        {"0b0c", ContentErrc::bad_key}, // a group
        {"0c", ContentErrc::bad_key},
        {"0e", ContentErrc::bad_key}, // wire types 6 and 7
        {"0f", ContentErrc::bad_key},
        {"0000", ContentErrc::bad_key}, // field 0
        {"0200", ContentErrc::bad_key},
        {"ffffffff7f", ContentErrc::bad_key},      // a field number of more than 29 bits
        {"f8ffffff0f00", std::nullopt},            // the largest field number
        {"808080808000", ContentErrc::bad_varint}, // a key in 6 bytes
        {"8880808000"
         "00",
         std::nullopt},                           // a key in 5 bytes with needless zeros
        {"0affffffff7f", ContentErrc::truncated}, // a length of 34 bits
        {"0affffffffff01", ContentErrc::bad_varint},
        {"08ffffffffffffffffff01", std::nullopt},            // 64 bits
        {"08ffffffffffffffffff02", ContentErrc::bad_varint}, // 65 bits
        {"08ffffffffffffffffffff01", ContentErrc::bad_varint},
        {"0880808080808080808000", std::nullopt}, // 0 in 10 bytes
        {"088080808080808080808000", ContentErrc::bad_varint},
    };
    for (const Row& row : rows) {
        CAPTURE(row.hex);
        CHECK(read_all(from_hex(row.hex).value()).error == row.want);
    }
}

TEST_CASE("wire reader: a field in parts reads as one message") {
    Fault fault;
    const Bytes first = from_hex("0801").value();
    const Bytes second = from_hex("1002").value();
    Block block;
    CHECK_FALSE(block.present());
    block.add(Block{first}, fault);
    block.add(Block{BytesView{}}, fault);
    block.add(Block{second}, fault);
    WireReader in{block, fault};
    CHECK(in.next()->key == varint(1));
    CHECK(in.next()->key == varint(2));
    CHECK_FALSE(in.next());
    CHECK_FALSE(fault);
    block.add(Block{first}, fault);
    CHECK_FALSE(fault);
    block.add(Block{first}, fault);
    REQUIRE(fault);
    CHECK(fault.error() == ContentErrc::too_many_parts);
}

TEST_CASE("wire reader: 32 levels are read, 33 are refused") {
    for (const std::uint8_t depth :
         {std::uint8_t{1}, max_depth, std::uint8_t{max_depth + 1}, std::uint8_t{255}}) {
        CAPTURE(depth);
        const Bytes input = from_hex("0801").value();
        Fault fault;
        WireReader in{Block{input, depth}, fault};
        CHECK(in.next().has_value() == (depth <= max_depth));
        CHECK(static_cast<bool>(fault) == (depth > max_depth));
    }
}
