#include "vestari/base/utf8.hpp"

#include <doctest/doctest.h>

using namespace vestari;

TEST_CASE("utf8: ill-formed parts become one U+FFFD each, well-formed text stays") {
    struct Row {
        std::string_view text;
        std::string_view want;
    };
    const Row rows[] = {
        {"", ""},
        {"plain ASCII text, longer than eight", "plain ASCII text, longer than eight"},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x92\x8e", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x92\x8e"},
        {"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf", "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"},
        {"a\xffz", "a\xef\xbf\xbdz"},
        {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},                                 // over-long
        {"\xe0\x80\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},                 // over-long
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},                 // surrogate
        {"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, // above U+10FFFF
        {"\xf0\x9f\x92", "\xef\xbf\xbd"},                                         // cut: one part
        {"\xf0\x9f\x92z\xe2\x82", "\xef\xbf\xbdz\xef\xbf\xbd"},
        {"12345678\x80", "12345678\xef\xbf\xbd"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(to_valid_utf8(row.text) == row.want);
        CHECK(is_valid_utf8(row.text) == (row.text == row.want));
        CHECK(is_valid_utf8(to_valid_utf8(row.text)));
    }
}

TEST_CASE("utf8: a cut splits no character") {
    CHECK(cut_utf8("abc", 3) == "abc");
    CHECK(cut_utf8("abc", 2) == "ab");
    CHECK(cut_utf8("a\xf0\x9f\x92\x8e", 4) == "a");
    CHECK(cut_utf8("a\xf0\x9f\x92\x8e", 5) == "a\xf0\x9f\x92\x8e");
    CHECK(cut_utf8("\xc3\xa9", 1).empty());
    CHECK(cut_utf8("", 0).empty());
    CHECK(cut_utf8("\x80\x80\x80\x80\x80\x80\x80", 6).size() ==
          3); // not a text: an end is found all the same
}
