#include <doctest/doctest.h>

#include "ingest/config/nearest.hpp"

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

TEST_CASE("nearest: a key in the wrong section finds its own") {
    const std::string_view keys[] = {"data_dir", "master_key.path", "whatsapp.url", "upstream.url",
                                     "log.level"};
    CHECK(nearest("whatsapp.ulr", keys) == "whatsapp.url");
    CHECK(nearest("level", keys) == "log.level");
    CHECK(nearest("datadir", keys) == "data_dir");
    CHECK(nearest("master_key.pth", keys) == "master_key.path");
    CHECK(nearest("anything", std::span<const std::string_view>{}).empty());
}
