#include <doctest/doctest.h>

#include "ingest/cli/frame/failure.hpp"
#include "ingest/cli/frame/words.hpp"
#include "ingest/export/json_text.hpp"

using namespace vestari;
using namespace vestari::cli;

namespace {

constexpr TimePoint now =
    std::chrono::sys_days{std::chrono::year{2026} / 3 / 31} + std::chrono::hours{15};

std::string day(std::string_view text, Edge edge = Edge::first_day) {
    return ingest::iso_date(read_day("--since", text, edge, now));
}

} // namespace

TEST_CASE("words: days as people write them") {
    struct Row {
        const char* text;
        const char* first;
        const char* last;
    };
    const Row rows[] = {
        {"2026-03-05", "2026-03-05", "2026-03-05"}, {"2026-02", "2026-02-01", "2026-02-28"},
        {"2024-02", "2024-02-01", "2024-02-29"},    {"2025", "2025-01-01", "2025-12-31"},
        {"today", "2026-03-31", "2026-03-31"},      {"yesterday", "2026-03-30", "2026-03-30"},
        {"30d", "2026-03-01", "2026-03-01"},        {"2w", "2026-03-17", "2026-03-17"},
        {"1m", "2026-02-28", "2026-02-28"},         {"1y", "2025-03-31", "2025-03-31"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(day(row.text) == row.first);
        CHECK(day(row.text, Edge::last_day) == row.last);
    }
}

TEST_CASE("words: what is no day is a usage error that names the option") {
    for (const char* text : {"", "2026-13", "2026-02-30", "2026-2-3", "26-03-05", "2026-03-05x",
                             "2026/03/05", "soon", "d", "-3d", "99999999d", "1h"}) {
        CAPTURE(text);
        try {
            day(text);
            FAIL("no failure");
        } catch (const Failure& failure) {
            CHECK(failure.code() == ExitCode::usage);
            CHECK(failure.problem().starts_with("--since cannot be"));
            CHECK_FALSE(failure.next().empty());
        }
    }
}

TEST_CASE("words: amounts in whole units") {
    struct Row {
        const char* text;
        std::int64_t amount;
    };
    const Row rows[] = {
        {"0", 0},          {"12000", 12000},          {"12,000", 12000}, {"12k", 12000},
        {"12.5k", 12500},  {"1.25m", 1250000},        {"1_000", 1000},   {"9'800", 9800},
        {"12.50K", 12500}, {"4294967295", 4294967295}};
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(read_amount("--min", row.text) == row.amount);
    }
    for (const char* text :
         {"", "k", "-5", "12.3456k", "12.5", "1e3", "12 000", "99999999999999999999"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(read_amount("--min", text), Failure);
    }
}

TEST_CASE("words: counts and currencies") {
    CHECK(read_count("--limit", "5") == 5);
    CHECK_THROWS_AS(read_count("--limit", "0"), Failure);
    CHECK_THROWS_AS(read_count("--limit", "5x"), Failure);
    CHECK(read_currency("--currency", "hkd") == Currency::of("HKD"));
    CHECK_THROWS_AS(read_currency("--currency", "XXX"), Failure);
}

TEST_CASE("words: money is shown in its own minor unit, cents only where there are any") {
    CHECK(show_money(1240000, Currency::of("USD")) == "12,400 USD");
    CHECK(show_money(1240050, Currency::of("USD")) == "12,400.50 USD");
    CHECK(show_money(1240005, Currency::of("USD")) == "12,400.05 USD");
    CHECK(show_money(1500000, Currency::of("JPY")) == "1,500,000 JPY");
    CHECK(show_money(3500250, Currency::of("KWD")) == "3,500.250 KWD");
    CHECK(show_money(-50, Currency::of("USD")) == "-0.50 USD");
}

TEST_CASE("words: a module's description is split into the problem and the next step") {
    const Failure failure =
        Failure::about(ExitCode::io, "a.db", "the disk is full: free some space");
    CHECK(failure.problem() == "a.db: the disk is full");
    CHECK(failure.next() == "free some space");
    CHECK(Failure::about(ExitCode::io, "a.db", "broken").next().empty());
}
