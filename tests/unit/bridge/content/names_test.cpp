#include "bridge/content/names.hpp"

#include <doctest/doctest.h>

#include "build.hpp"

using namespace vestari;
using namespace vestari::content;

TEST_CASE("names: control and direction characters go, the rest stays") {
    struct Row {
        std::string raw;
        std::string want;
    };
    const Row rows[] = {
        {"Ann", "Ann"},
        {"  Ann  Lee ", "Ann  Lee"},
        {"Diamonds & Gems \xf0\x9f\x92\x8e", "Diamonds & Gems \xf0\x9f\x92\x8e"},
        {"\xe2\x80\xaenna", "nna"},              // right-to-left override
        {"A\xe2\x81\xa6\x42\xe2\x81\xa9", "AB"}, // isolates
        {"A\nB\rC\tD\x1b[31m", "ABCD[31m"},
        {std::string{"A\0B", 3}, "AB"},
        {"A\xc2\x85\x42", "AB"}, // next line
        {"A\xff", "A\xef\xbf\xbd"},
        {"", ""},
        {" \n ", ""},
        {std::string(5'000, 'x'), std::string(100, 'x')},
    };
    for (const Row& row : rows) {
        CAPTURE(row.raw);
        CHECK(clean_name(row.raw) == row.want);
        CHECK(clean_name(clean_name(row.raw)) == row.want);
    }
    std::string marks;
    for (int i = 0; i < 10'000; ++i) {
        marks += "\xcc\x81";
    }
    CHECK(clean_name(marks).size() == 200);
}

TEST_CASE("names: a push name of one dash means none") {
    CHECK(push_name("-").empty());
    CHECK(push_name("- Ann") == "- Ann");
}

TEST_CASE("names: a verified name is read from its certificate") {
    const Bytes details = test::join(
        {test::number_field(1, 7), test::field(2, "smb:wa"), test::field(4, "Shop\n Ltd")});
    CHECK(verified_name(test::join({test::field(1, details), test::field(2, "signature")})) ==
          "Shop Ltd");
    CHECK(verified_name(from_hex("0aff").value()).empty());
    CHECK(verified_name({}).empty());
}
