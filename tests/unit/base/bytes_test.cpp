#include "vestari/base/bytes.hpp"

#include <doctest/doctest.h>

using namespace vestari;

TEST_CASE("bytes: hexadecimal text survives a round trip in either case") {
    const Bytes bytes = from_hex("00ffA5").value();
    CHECK(bytes == Bytes{std::byte{0x00}, std::byte{0xff}, std::byte{0xa5}});
    CHECK(to_hex(bytes) == "00ffa5");
}

TEST_CASE("bytes: broken hexadecimal text is refused by name") {
    CHECK(from_hex("abc").error() == HexErrc::odd_length);
    CHECK(from_hex("zz").error() == HexErrc::not_a_digit);
}

TEST_CASE("bytes: big-endian numbers are written and read at every width") {
    Bytes out;
    append_be16(out, 0x0102);
    append_be32(out, 0x03040506);
    append_be64(out, 0x0708090a0b0c0d0eULL);
    CHECK(to_hex(out) == "0102030405060708090a0b0c0d0e");
    CHECK(read_be<2>(out) == 0x0102);
    CHECK(read_be<8>(BytesView{out}.subspan(6)) == 0x0708090a0b0c0d0eULL);
}
