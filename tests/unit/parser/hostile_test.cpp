// Text that nobody means well with: it costs what its length costs and breaks nothing.
#include <chrono>
#include <ctime>
#include <string>

#include <doctest/doctest.h>

#include "vestari/parser/parser.hpp"

namespace {

using namespace vestari;
using namespace vestari::parser;

std::vector<Deal> read(const std::string& text) {
    Context context;
    context.sent_at = std::chrono::year{2026} / 3 / 5;
    return parse(text, context);
}

std::string repeated(std::string_view part, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) {
        text += part;
    }
    text.resize(bytes);
    return text;
}

// Processor time of this thread, the least of several runs: what else the machine does does not count.
double cost(const std::string& text) {
    double least = 1e9;
    const auto now = [] {
        std::timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
    };
    for (int i = 0; i < 5; ++i) {
        const double start = now();
        read(text);
        least = std::min(least, now() - start);
    }
    return least;
}

} // namespace

TEST_CASE("hostile: long runs, broken sequences and control characters are read without harm") {
    const std::string rows[] = {std::string(64U << 10U, '7'),
                                std::string(64U << 10U, '\0'),
                                std::string(64U << 10U, '\n'),
                                repeated("4111 1111 ", 60000),
                                "126610LN 11.4" + repeated("\xcc\x81", 20000),
                                repeated("\xff\xc0\x80", 3000),
                                repeated("\xe2\x80\xae", 3000) + "126610LN",
                                repeated("N1/", 60000),
                                repeated("126610LN/", 60000),
                                repeated("(((", 60000),
                                repeated("~~", 60000),
                                repeated("三十萬", 60000),
                                repeated("1,", 60000),
                                repeated("126334 ", 60000),
                                repeated("@a.b", 60000),
                                repeated("??", 60000),
                                "\xe2",
                                "\xf0\x9f",
                                repeated("blue 89 / ", 60000),
                                repeated("a1-", 60000),
                                repeated("serial ", 60000),
                                repeated("rm 11-", 60000)};
    for (const std::string& text : rows) {
        CAPTURE(text.substr(0, 12));
        for (const Deal& deal : read(text)) {
            for (const Evidence& evidence : deal.evidence) {
                CHECK(evidence.span.to <= text.size());
            }
        }
        CHECK(mask_sensitive(text).size() <= text.size() * 3 + 3);
    }
}

TEST_CASE("hostile: marks that nobody sees do not change what is read") {
    const auto plain = read("126610LN 2023 full set 11.4k");
    const auto marked = read("126\xe2\x80\x8b"
                             "610LN 2023 full\xcc\x81 set 11\xe2\x80\x8e.4k");
    REQUIRE(plain.size() == 1);
    REQUIRE(marked.size() == 1);
    CHECK(marked[0].reference == plain[0].reference);
    CHECK(marked[0].price == plain[0].price);
}

TEST_CASE("hostile: eight times the text costs about eight times the work") {
    for (const std::string_view part :
         {"126610LN N2/26 95.8k blue\n", "126334 ", "blue 89 / ", "what is the market ",
          "4111-1111 ", "7", "126334 blue 89, ", "full set\n", "rolex ", "mint ", "serial ",
          "126334 jub\n- blue 89\n", "三", "一千", "九千万"}) {
        CAPTURE(part);
        const double one = cost(repeated(part, 8000));
        const double eight = cost(repeated(part, 64000));
        CHECK(eight / one < 24); // linear is 8, quadratic 64
    }
}
