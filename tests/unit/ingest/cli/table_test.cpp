#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ingest/cli/terminal/table.hpp"

using namespace vestari::terminal;

namespace {

Look plain(std::size_t width) {
    Look look;
    look.width = width;
    return look;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t to = text.find('\n', from);
        lines.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    return lines;
}

Table sample() {
    Table table{{{"Date", Align::left, 3, 0},
                 {"Reference", Align::left, 9, 0},
                 {"Price", Align::right, 8, 0},
                 {"Group", Align::left, 1, 6},
                 {"Nothing", Align::left, 2, 0}}};
    table.add({{"2026-03-05"}, {"126610LN"}, {"12,400 USD"}, {"Watch dealers of the world"}, {""}});
    table.add({{"2026-03-06"}, {"5711/1A"}, {"105,000 USD"}, {"勞力士交易群組"}, {""}});
    return table;
}

} // namespace

TEST_CASE("table: what fits is shown whole, numbers to the right, empty columns left out") {
    const auto lines = lines_of(sample().render(plain(0)));
    REQUIRE(lines.size() == 4);
    CHECK(lines[0] == "Date        Reference        Price  Group");
    CHECK(lines[2] == "2026-03-05  126610LN    12,400 USD  Watch dealers of the world");
    CHECK(lines[3] == "2026-03-06  5711/1A    105,000 USD  勞力士交易群組");
}

TEST_CASE("table: at every width each line fits, the most important column stays") {
    for (std::size_t width = 1; width <= 90; ++width) {
        CAPTURE(width);
        for (const std::string& line : lines_of(sample().render(plain(width)))) {
            CAPTURE(line);
            CHECK(width_of(line) <= width);
        }
        if (width >= 9) {
            CHECK(sample().render(plain(width)).find("126610LN") != std::string::npos);
        }
    }
}

TEST_CASE("table: a column shrinks before one leaves, the least important leaves first") {
    const std::string shrunk = sample().render(plain(48));
    CHECK(shrunk.find("Watch deale…") != std::string::npos);
    const std::string without_group = sample().render(plain(38));
    CHECK(without_group.find("Group") == std::string::npos);
    CHECK(without_group.find("2026-03-05") != std::string::npos);
    const std::string without_date = sample().render(plain(24));
    CHECK(without_date.find("2026-03-05") == std::string::npos);
    CHECK(without_date.find("105,000 USD") != std::string::npos);
}

TEST_CASE("table: foreign cells cannot break their line") {
    Table table{{{"Name", Align::left, 1, 0}}};
    table.add({{"a\n\x1b[2Jb\r\nc\xe2\x80\xae"}});
    CHECK(lines_of(table.render(plain(0)))[2] == "a b c");
}

TEST_CASE("table: without Unicode it is drawn in ASCII") {
    Look look = plain(48);
    look.unicode = false;
    const auto lines = lines_of(sample().render(look));
    CHECK(lines[1] == std::string(48, '-'));
    CHECK(lines[2].find("..") != std::string::npos);
}
