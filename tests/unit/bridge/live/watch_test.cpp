// Freshness of groups, and warnings that stand.
#include <doctest/doctest.h>

#include "bridge/live/watch/freshness.hpp"
#include "bridge/live/watch/warnings.hpp"
#include "tests/unit/bridge/live/outside.hpp"

namespace vestari::test {

namespace {
using live::Freshness;
constexpr Instant start{std::chrono::hours{1}};
constexpr live::Speech lively{500, std::chrono::minutes{2}, std::chrono::hours{9}};
} // namespace

TEST_CASE("freshness: two groups that usually speak and are silent beyond their longest pause") {
    struct Row {
        std::vector<live::Speech> groups;
        std::chrono::minutes silence;
        Freshness::Health health;
    };
    const live::Speech young{19, std::chrono::minutes{1}, std::chrono::minutes{5}};
    const live::Speech quick{500, std::chrono::seconds{20}, std::chrono::minutes{3}};
    const auto good = Freshness::Health::good;
    const auto stalled = Freshness::Health::stalled;
    const Row rows[] = {
        {{lively, lively}, std::chrono::hours{18}, good}, // twice the longest night is not over yet
        {{lively, lively}, std::chrono::hours{19}, stalled},
        {{lively}, std::chrono::hours{48}, good}, // a single one is its own business
        {{quick, quick}, std::chrono::minutes{29}, good},
        {{quick, quick}, std::chrono::minutes{31}, stalled},
        {{young, young, young}, std::chrono::hours{48}, good},                 // not known yet
        {{quick, quick, lively, lively, lively}, std::chrono::hours{1}, good}, // the fewer ones
        {{quick, quick, lively, lively}, std::chrono::hours{1}, stalled},
    };
    for (const Row& row : rows) {
        Freshness freshness;
        for (std::size_t i = 0; i < row.groups.size(); ++i) {
            freshness.watch("group" + std::to_string(i), row.groups[i], start);
        }
        CHECK(freshness.health(start + row.silence) == row.health);
    }
}

TEST_CASE("freshness: a word makes a group fresh again") {
    Freshness freshness;
    freshness.watch("a", lively, start);
    freshness.watch("b", lively, start);
    const Instant later = start + std::chrono::hours{20};
    CHECK_FALSE(freshness.fresh("a", later));
    live::Speech more = lively;
    ++more.messages;
    freshness.watch("a", more, later);
    CHECK(freshness.fresh("a", later));
    CHECK_FALSE(freshness.fresh("b", later));
    CHECK(freshness.spoke());
    CHECK_FALSE(freshness.spoke());
    CHECK(freshness.health(later) == Freshness::Health::good);
    freshness.forget("b");
    CHECK(freshness.fresh("b", later));
}

TEST_CASE("a warning is told once while it stands, and its end once") {
    ManualClock clock{at(1000)};
    Told told;
    live::Warnings warnings{clock, told};
    warnings.raise(live::warn::disk_full);
    warnings.raise(live::warn::disk_full);
    CHECK(told.warnings == std::vector<std::string>{"disk_full"});
    CHECK(warnings.standing().front().since == at(1000));
    warnings.end("disk_full");
    warnings.end("disk_full");
    CHECK(told.ended == std::vector<std::string>{"disk_full"});
    CHECK(warnings.standing().empty());
}

} // namespace vestari::test
