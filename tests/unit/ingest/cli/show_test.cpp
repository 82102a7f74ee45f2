#include <string>

#include <doctest/doctest.h>

#include "ingest/cli/terminal/chart.hpp"
#include "ingest/cli/terminal/progress.hpp"
#include "ingest/cli/terminal/width.hpp"

using namespace vestari::terminal;
using namespace std::chrono_literals;

TEST_CASE("width: wide characters take two columns, marks none") {
    struct Row {
        const char* text;
        std::size_t width;
    };
    const Row rows[] = {{"", 0},          {"abc", 3}, {"勞力士", 6}, {"ｆｕｌｌ", 8},
                        {"e\xcc\x81", 1}, {"🔥", 2},  {"한국", 4}};
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(width_of(row.text) == row.width);
    }
}

TEST_CASE("width: a text is cut between characters and says so") {
    CHECK(fit("abcdef", 6) == "abcdef");
    CHECK(fit("abcdef", 4) == "abc…");
    CHECK(fit("ab cdef", 4) == "ab…");
    CHECK(fit("勞力士", 5) == "勞力…");
    CHECK(fit("勞力士", 4) == "勞…");
    CHECK(fit("abc", 1) == "a");
    CHECK(fit("勞力士", 1).empty());
    CHECK(fit("abcdef", 4, "..") == "ab..");
    CHECK(pad("勞", 4) == "勞  ");
    CHECK(pad("7", 3, Align::right) == "  7");
}

TEST_CASE("width: lines break at spaces") {
    CHECK(wrap("one two three four five six", 20) == "one two three four\nfive six");
    CHECK(wrap("one two three four five six", 23, 3) == "one two three four\n   five six");
    CHECK(wrap("one two three four five six", 19) == "one two three four five six");
    CHECK(wrap("one two three four five six", 0) == "one two three four five six");
}

TEST_CASE("width: thousands are grouped") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1000) == "1,000");
    CHECK(grouped(1234567) == "1,234,567");
    CHECK(grouped(-123456) == "-123,456");
}

TEST_CASE("chart: one scale for all months, the median marked, every line within the width") {
    const std::vector<Box> boxes{{"2026-01", 4, 1000, 1100, 1200, 1300, 1500, "1,200"},
                                 {"2026-02", 12, 1100, 1250, 1300, 1400, 2000, "1,300"}};
    Look look;
    look.width = 60;
    look.unicode = false;
    CHECK(box_plot(look, boxes, "1,000", "2,000") ==
          "  2026-01   4  |---===#====-------|                    1,200\n"
          "  2026-02  12      |----==#====---------------------|  1,300\n"
          "               1,000                            2,000\n");
    for (std::size_t width = 20; width < 120; ++width) {
        look.width = width;
        const std::string text = box_plot(look, boxes, "1,000", "2,000");
        for (std::size_t from = 0; from < text.size();) {
            const std::size_t to = text.find('\n', from);
            CHECK(to - from <= std::max<std::size_t>(width, 24));
            from = to + 1;
        }
    }
    CHECK(box_plot(look, {}, "", "").empty());
}

TEST_CASE("chart: equal prices are one mark") {
    Look look;
    look.unicode = false;
    look.width = 50;
    const std::string text = box_plot(look, {{"2026-01", 1, 5, 5, 5, 5, 5, "5"}}, "5", "5");
    CHECK(text.find('#') != std::string::npos);
    CHECK(text.find('|') == std::string::npos);
}

TEST_CASE("progress: the line fits, shows how much of how much, and never more than all") {
    const Progress::Time start{};
    Look look;
    look.unicode = false;
    for (std::size_t width = 20; width < 120; ++width) {
        look.width = width;
        const Progress progress{stderr, look, "a fixture with a long name.jsonl", 1000, start};
        CHECK(width_of(progress.render(500, start + 1s)) < width);
    }
    look.width = 80;
    const Progress progress{stderr, look, "day-1", 731, start};
    CHECK(progress.render(5000, start + 1s) ==
          "day-1  ################################  731 of 731  5,000/s");
    const Progress unknown{stderr, look, "day-1", 0, start};
    CHECK(unknown.render(12, start + 1s) == "day-1  12  12/s");
}
