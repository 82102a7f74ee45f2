#include <cstdint>
#include <string>

#include <doctest/doctest.h>
#include <utf8proc.h>

#include "ingest/cli/terminal/sanitise.hpp"

using namespace vestari::terminal;

namespace {

std::string utf8(char32_t point) {
    std::uint8_t bytes[4] = {};
    const auto size = utf8proc_encode_char(static_cast<std::int32_t>(point), bytes);
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

// Valid UTF-8 whose every character is one that only shows itself.
bool only_printable(const std::string& text, bool lines = false) {
    for (std::size_t at = 0; at < text.size();) {
        std::int32_t point = 0;
        const auto size = utf8proc_iterate(reinterpret_cast<const std::uint8_t*>(text.data()) + at,
                                           static_cast<utf8proc_ssize_t>(text.size() - at), &point);
        if (size <= 0) {
            return false;
        }
        const bool control = point < 0x20 || (point >= 0x7f && point <= 0x9f);
        const bool bidi = point == 0x061c || point == 0x200e || point == 0x200f ||
                          (point >= 0x202a && point <= 0x202e) ||
                          (point >= 0x2066 && point <= 0x2069);
        if (bidi || (control && !(lines && point == '\n'))) {
            return false;
        }
        at += static_cast<std::size_t>(size);
    }
    return true;
}

} // namespace

TEST_CASE("sanitise: none of the 65 C0, DEL and C1 controls comes through, as a character or as a "
          "raw byte") {
    std::size_t controls = 0;
    for (char32_t c = 0; c <= 0x9f; ++c) {
        if (c >= 0x20 && c < 0x7f) {
            continue;
        }
        CAPTURE(static_cast<unsigned>(c));
        ++controls;
        for (const std::string& control : {utf8(c), std::string(1, static_cast<char>(c))}) {
            for (const char* after : {"", "b", "31mb", "0;title"}) {
                const std::string foreign = "a" + control + after + "\n";
                CHECK(only_printable(one_line(foreign)));
                CHECK(only_printable(paragraph(foreign), true));
                CHECK(one_line(foreign).front() == 'a');
            }
        }
    }
    CHECK(controls == 65);
}

TEST_CASE("sanitise: escape sequences leave whole, and what stands around them stays") {
    struct Row {
        std::string foreign;
        const char* shown;
    };
    const std::string esc = "\x1b";
    const Row rows[] = {
        {"a" + esc + "[31mb", "ab"},                  // SGR
        {"a" + esc + "[0mb", "ab"},                   //
        {"a" + esc + "[38;2;1;2;3mb", "ab"},          // true colour
        {"a" + esc + "[38:2::1:2:3mb", "ab"},         // colon form
        {"a" + esc + "[2Jb", "ab"},                   // erase display
        {"a" + esc + "[Kb", "ab"},                    // erase line
        {"a" + esc + "[1Ab", "ab"},                   // cursor up
        {"a" + esc + "[10;20Hb", "ab"},               // cursor position
        {"a" + esc + "[?25lb", "ab"},                 // hide cursor
        {"a" + esc + "[?1049hb", "ab"},               // other screen
        {"a" + esc + "[?2004hb", "ab"},               // bracketed paste
        {"a" + esc + "[>4;2mb", "ab"},                // modifyOtherKeys
        {"a" + esc + "[!pb", "ab"},                   // soft reset
        {"a" + esc + "[6nb", "ab"},                   // status report
        {"a" + esc + "[cb", "ab"},                    // device attributes
        {"a" + esc + "[21tb", "ab"},                  // report title
        {"a" + esc + "[ qb", "ab"},                   // cursor shape
        {"a" + esc + "[1\"qb", "ab"},                 // protection
        {"a" + esc + "]0;title\ab", "ab"},            // title, BEL
        {"a" + esc + "]0;title" + esc + "\\b", "ab"}, // title, ST
        {"a" + esc +
             "]0;title\xc2\x9c"
             "b",
         "ab"},                                                               // title, C1 ST
        {"a" + esc + "]2;x\ab", "ab"},                                        // window title
        {"a" + esc + "]4;1;rgb:ff/00/00\ab", "ab"},                           // palette
        {"a" + esc + "]8;;https://evil.example\ab" + esc + "]8;;\ac", "abc"}, // hyperlink
        {"a" + esc + "]9;note\ab", "ab"},                                     // notification
        {"a" + esc + "]10;?\ab", "ab"},                                       // ask for the colour
        {"a" + esc + "]52;c;ZXZpbA==\ab", "ab"},                              // clipboard
        {"a" + esc + "]777;notify;a;b\ab", "ab"},                             // notification
        {"a" + esc + "]1337;File=:AAAA\ab", "ab"},                            // file transfer
        {"a" + esc + "P1$r0m" + esc + "\\b", "ab"},                           // DCS
        {"a" + esc + "Pq#0~-" + esc + "\\b", "ab"},                           // sixel
        {"a" + esc + "_Gf=24;AAAA" + esc + "\\b", "ab"},                      // APC, kitty graphics
        {"a" + esc + "^private" + esc + "\\b", "ab"},                         // PM
        {"a" + esc + "Xstart" + esc + "\\b", "ab"},                           // SOS
        {"a" + esc + "cb", "ab"},                                             // full reset
        {"a" + esc + "7b" + esc + "8c", "abc"},                               // save, restore
        {"a" + esc + "(0b", "ab"},                                            // line drawing
        {"a" + esc + "#8b", "ab"},                                            // alignment test
        {"a" + esc + "%Gb", "ab"},                                            // character set
        {"a" + esc + "Mb", "ab"},                                             // reverse index
        {"a" + esc + "=b", "ab"},                                             // keypad
        {"a\xc2\x9b"
         "31mb",
         "ab"}, // C1 CSI
        {"a\xc2\x9d"
         "0;title\ab",
         "ab"}, // C1 OSC
        {"a\xc2\x90"
         "q" +
             esc + "\\b",
         "ab"}, // C1 DCS
        {"a\x9b"
         "31mb",
         "a\xef\xbf\xbd"
         "b"}, // raw C1 byte: broken UTF-8, sequence gone all the same
        {"a" + esc + "]0;never ends", "a0;never ends"}, // no end: shown, without its introducer
        {"a" + esc, "a"},                               // cut off
        {"a" + esc + "[", "a"},                         //
        {"a" + esc + "[31", "a"},                       //
        {"a" + esc + esc + "[31mb", "ab"},              //
        {"a" + esc + "[31\nmb", "a mb"},                // broken by a control
    };
    CHECK(std::size(rows) >= 40);
    for (const Row& row : rows) {
        CAPTURE(row.shown);
        CHECK(one_line(row.foreign) == row.shown);
        CHECK(only_printable(one_line(row.foreign)));
    }
}

TEST_CASE("sanitise: text cannot be reordered or hidden") {
    const char32_t hidden[] = {
        0x00ad, 0x034f, 0x061c, 0x115f, 0x180e, 0x200b, 0x200c, 0x200d,  0x200e,  0x200f,  0x2028,
        0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2061,  0x2064,  0x2066,  0x2067,
        0x2068, 0x2069, 0x206a, 0x3164, 0xfe0f, 0xfeff, 0xfff9, 0xe0001, 0xe0041, 0xe007f, 0xe0100};
    for (const char32_t c : hidden) {
        CAPTURE(static_cast<unsigned>(c));
        CHECK(one_line("12" + utf8(c) + "34") == "1234");
    }
}

TEST_CASE("sanitise: line breaks and tabs become a space, or stay where lines are wanted") {
    CHECK(one_line("a\r\nb\nc\rd\te\xe2\x80\xa8"
                   "f") == "a b c d ef");
    CHECK(paragraph("a\r\nb\nc\rd\te") == "a\nb\nc\nd e");
}

TEST_CASE("sanitise: broken UTF-8 is shown as such") {
    CHECK(one_line("a\xff"
                   "b") == "a\xef\xbf\xbd"
                           "b");
    CHECK(one_line("\xc3") == "\xef\xbf\xbd");
    CHECK(one_line("\xed\xa0\x80") == "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); // a surrogate
    CHECK(one_line("\xef\xbf\xbf") == "\xef\xbf\xbd");                         // a noncharacter
    CHECK(only_printable(one_line(std::string("\0\xf5\x80\xc0\xaf", 5))));
}

TEST_CASE("sanitise: ten thousand combining marks shrink to a few") {
    std::string foreign = "e";
    for (int i = 0; i < 10'000; ++i) {
        foreign += "\xcc\x81";
    }
    foreign += "f";
    CHECK(one_line(foreign) == "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
                               "f");
}

TEST_CASE("sanitise: ordinary text in any script stays as it is") {
    for (const char* text : {"WTS Rolex 126610LN, $12,400", "勞力士 綠水鬼 全套", "ساعة رولكس",
                             "Ролекс €9.800,-", "ก็ดี", "हिन्दी", "🔥 ⌚", "é"}) {
        CHECK(one_line(text) == text);
    }
}
