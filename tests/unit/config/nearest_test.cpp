#include <doctest/doctest.h>

#include "vestari/config/nearest.hpp"

using namespace vestari::config;

TEST_CASE("nearest: the distance counts single edits and swaps") {
    struct Row {
        const char* a;
        const char* b;
        std::size_t distance;
    };
    const Row rows[] = {{"", "", 0},        {"", "abc", 3},           {"abc", "abc", 0},
                        {"abc", "abd", 1},  {"abc", "acb", 1},        {"abc", "ab", 1},
                        {"abc", "xabc", 1}, {"kitten", "sitting", 3}, {"reigon", "region", 1}};
    for (const Row& row : rows) {
        CAPTURE(row.a);
        CHECK(edit_distance(row.a, row.b) == row.distance);
        CHECK(edit_distance(row.b, row.a) == row.distance);
    }
}

TEST_CASE("nearest: what is near, and nothing else") {
    const std::string_view words[] = {"data_dir", "default_currency", "url", "level",
                                      "--reference"};
    struct Row {
        const char* word;
        const char* nearest;
    };
    const Row rows[] = {{"ulr", "url"},
                        {"datadir", "data_dir"},
                        {"lvel", "level"},
                        {"level", "level"},
                        {"colour", ""},
                        {"", ""},
                        {"dir", ""},
                        {"--ref", "--reference"},
                        {"x", ""},
                        {"uri", "url"},
                        {"currency", "default_currency"}};
    for (const Row& row : rows) {
        CAPTURE(row.word);
        CHECK(nearest(row.word, words) == row.nearest);
    }
    CHECK(nearest("anything", std::span<const std::string_view>{}).empty());
}
