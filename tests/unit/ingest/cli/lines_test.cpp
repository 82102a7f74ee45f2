#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <unistd.h>

#include "ingest/cli/frame/lines.hpp"

using vestari::cli::Lines;

namespace {

struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

// A pipe that holds this text and then ends.
std::unique_ptr<std::FILE, Close> stream_of(const std::string& text) {
    int ends[2] = {};
    REQUIRE(pipe(ends) == 0);
    REQUIRE(write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    close(ends[1]);
    return std::unique_ptr<std::FILE, Close>{fdopen(ends[0], "r")};
}

std::vector<std::string> lines_of(const std::string& text) {
    const auto stream = stream_of(text);
    Lines lines{stream.get(), 100};
    std::vector<std::string> all;
    while (const auto line = lines.next()) {
        all.emplace_back(*line);
        CHECK(lines.number() == all.size());
    }
    return all;
}

} // namespace

TEST_CASE("lines: each is handed out whole, the last one without a line break too") {
    using Strings = std::vector<std::string>;
    CHECK(lines_of("").empty());
    CHECK(lines_of("a") == Strings{"a"});
    CHECK(lines_of("a\n") == Strings{"a"});
    CHECK(lines_of("a\n\nb") == Strings{"a", "", "b"});
    CHECK(lines_of(std::string(100, 'x') + "\ny\n") == Strings{std::string(100, 'x'), "y"});
}

TEST_CASE("lines: one that is too long is refused, with its number") {
    for (const std::string& end : {std::string{}, std::string{"\nb\n"}}) {
        const auto stream = stream_of("a\n" + std::string(101, 'x') + end);
        Lines lines{stream.get(), 100};
        CHECK(lines.next() == "a");
        CHECK_THROWS_AS(lines.next(), Lines::TooLong);
        CHECK(lines.number() == 2);
    }
}
