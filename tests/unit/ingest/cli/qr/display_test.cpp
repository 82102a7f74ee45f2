#include <cstdio>
#include <cstdlib>

#include <doctest/doctest.h>

#include "ingest/cli/qr/display.hpp"

using namespace vestari;
using namespace vestari::cli;

namespace {

static_assert(!std::is_copy_constructible_v<qr::Code> && !fmt::is_formattable<qr::Code>::value);

// Of the length of a real one.
const std::string text(250, 'q');

qr::Screen screen(std::size_t width, std::size_t rows) {
    return {{.colour = true, .unicode = true, .terminal = true, .width = width}, rows};
}

} // namespace

TEST_CASE("code: every size of text has a code, and the rest an error") {
    CHECK(qr::Code::of("").error() == qr::QrErrc::empty);
    CHECK(qr::Code::of("a").value().side() == 21 + 8);
    CHECK(qr::Code::of(std::string(2953, 'x')).value().side() == 177 + 8);
    CHECK(qr::Code::of(std::string(2954, 'x')).error() == qr::QrErrc::too_long);
    CHECK(qr::Code::of(std::string("\0\xff\n", 3)).has_value());
}

TEST_CASE("code: four light modules stand around it") {
    const qr::Code code = qr::Code::of(text).value();
    std::size_t dark = 0;
    for (std::size_t y = 0; y < code.side() + 3; ++y) {
        for (std::size_t x = 0; x < code.side() + 3; ++x) {
            const bool outside = x < 4 || y < 4 || x >= code.side() - 4 || y >= code.side() - 4;
            CHECK(!(outside && code.dark(x, y)));
            dark += code.dark(x, y) ? 1U : 0U;
        }
    }
    CHECK(code.dark(4, 4)); // the finder pattern
    CHECK(dark > code.side() * code.side() / 4);
}

TEST_CASE("display: the message names the columns and lines that are needed") {
    const qr::Code code = qr::Code::of(text).value();
    const std::size_t columns = code.side();
    const std::size_t lines = (code.side() + 1) / 2 + 2;
    CHECK(!qr::obstacle(code, screen(columns, lines)));
    CHECK(!qr::obstacle(code, screen(0, 0))); // not known
    const auto narrow = qr::obstacle(code, screen(columns - 1, lines));
    REQUIRE(narrow.has_value());
    CHECK(
        narrow->problem.ends_with(fmt::format("{} columns, {} are needed", columns - 1, columns)));
    CHECK(narrow->next.find("--qr png=FILE") != std::string::npos);
    const auto low = qr::obstacle(code, screen(columns, lines - 1));
    REQUIRE(low.has_value());
    CHECK(low->problem.ends_with(fmt::format("{} lines, {} are needed", lines - 1, lines)));
    qr::Screen wide = screen(columns, lines);
    wide.look.unicode = false;
    CHECK(qr::obstacle(code, wide)->problem.ends_with(fmt::format("{} are needed", 2 * columns)));
    CHECK(qr::obstacle(code, wide)->next.find("LC_ALL=C.UTF-8") != std::string::npos);
    qr::Screen pipe = screen(columns, lines);
    pipe.look.terminal = false;
    CHECK(qr::obstacle(code, pipe).has_value());
    qr::Screen plain = screen(columns, lines);
    plain.look.colour = false;
    CHECK(qr::obstacle(code, plain).has_value());
}

TEST_CASE("display: a code as long as WhatsApp's fits a window of 73 columns") {
    CHECK(qr::Code::of(text).value().side() <= 73);
}

TEST_CASE("display: every line sets its colours itself and puts them back") {
    const qr::Code code = qr::Code::of(text).value();
    for (const bool halves : {true, false}) {
        const std::string drawn = qr::drawing(code, halves);
        std::size_t lines = 0;
        for (std::size_t at = 0; at < drawn.size(); ++lines) {
            const std::size_t end = drawn.find('\n', at);
            const std::string_view line = std::string_view{drawn}.substr(at, end - at);
            CHECK(line.starts_with("\x1b["));
            CHECK(line.ends_with("\x1b[0m"));
            at = end + 1;
        }
        CHECK(lines == (halves ? (code.side() + 1) / 2 : code.side()));
    }
}

TEST_CASE("display: a window of another size is drawn anew, or says what is in the way until it is "
          "gone") {
    const qr::Code code = qr::Code::of(text).value();
    char* data = nullptr;
    std::size_t size = 0;
    std::FILE* to = open_memstream(&data, &size);
    REQUIRE(to != nullptr);
    const auto written_by = [&](const auto& act) {
        std::fflush(to);
        const std::size_t before = size;
        act();
        std::fflush(to);
        return std::string{data + before, size - before};
    };
    {
        const std::chrono::seconds left{20};
        qr::Display display{to, screen(100, 50)};
        CHECK(!display.show(code, left));
        const auto fit = [&](std::size_t width, std::size_t rows) {
            return written_by([&] { display.fit(code, screen(width, rows), left); });
        };
        CHECK(fit(100, 50).find("█") == std::string::npos); // the countdown alone
        const std::string narrow = fit(60, 50);
        CHECK(narrow.starts_with("\x1b[H\x1b[2J"));
        CHECK(narrow.find("too narrow") != std::string::npos);
        CHECK(narrow.find("█") == std::string::npos);
        CHECK(fit(60, 50).empty());
        CHECK(display.show(code, left).has_value()); // the next code: still too narrow
        const std::string wide = fit(90, 50);
        CHECK(wide.starts_with("\x1b[H\x1b[2J"));
        CHECK(wide.find("█") != std::string::npos);
        CHECK(wide.find("New code in 20 s") != std::string::npos);
    }
    std::fclose(to);
    std::free(data);
}
