// Changes to a message that must change its records in a known way, or not at all.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "vestari/parser/parser.hpp"

namespace {

using namespace vestari;
using namespace vestari::parser;

const std::vector<std::string> lines{
    "126610LN N2/26 95.8",           "126334 blue jub 2023 used fs 79,500",
    "5711/1A-010 2019 used fs 655k", "RM11-03 ti 2020 used fs 1.95m",
    "15500ST black 2021 285k",       "WSSA0018 2022 4.75w",
    "126500LN wht N1/26 x2 234"};

std::string joined(const std::vector<std::string>& rows) {
    std::string text;
    for (const std::string& row : rows) {
        text += row + '\n';
    }
    return text;
}

using Key = std::tuple<std::string, std::int64_t, std::string, int, int, std::string>;

std::vector<Key> keys(std::string_view text, const char* currency = "HKD") {
    Context context;
    context.group_currency = Currency::parse(currency);
    context.sent_at = std::chrono::year{2026} / 3 / 5;
    std::vector<Key> all;
    for (const Deal& deal : parse(text, context)) {
        all.emplace_back(
            deal.reference.value_or(""), deal.price ? deal.price->minor : 0,
            deal.price ? std::string{deal.price->currency.code()} : "", deal.year.value_or(0),
            deal.condition ? static_cast<int>(*deal.condition) : -1, deal.dial.value_or(""));
    }
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace

TEST_CASE("metamorphic: the order of a list's lines does not matter") {
    const auto want = keys(joined(lines));
    REQUIRE(want.size() == lines.size());
    std::vector<std::string> shuffled = lines;
    for (std::size_t turn = 0; turn < lines.size(); ++turn) {
        std::rotate(shuffled.begin(), shuffled.begin() + 1, shuffled.end());
        std::swap(shuffled[turn % 3], shuffled[4]);
        CAPTURE(joined(shuffled));
        CHECK(keys(joined(shuffled)) == want);
    }
}

TEST_CASE("metamorphic: case, emoji and invisible marks do not matter") {
    const auto want = keys(joined(lines));
    std::string upper = joined(lines);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    CHECK(keys(upper) == want);
    std::vector<std::string> dressed;
    for (const std::string& line : lines) {
        dressed.push_back("🔥" + line + " ⌚️");
    }
    CHECK(keys(joined(dressed)) == want);
    std::string marked;
    for (const char c : joined(lines)) {
        marked += c == ' ' ? "\xe2\x80\x8b \xe2\x80\x8e" : std::string(1, c);
    }
    CHECK(keys(marked) == want);
}

TEST_CASE("metamorphic: a footer with another currency changes the currency alone") {
    const std::vector<std::string> priced{"126610LN 11,400", "126610LV 13,500", "126334 9,900"};
    const auto dollars = keys(joined(priced) + "all prices in usd", "EUR");
    const auto euros = keys(joined(priced), "EUR");
    REQUIRE(dollars.size() == 3);
    REQUIRE(euros.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(std::get<1>(dollars[i]) == std::get<1>(euros[i]));
        CHECK(std::get<2>(dollars[i]) == "USD");
        CHECK(std::get<2>(euros[i]) == "EUR");
    }
}
