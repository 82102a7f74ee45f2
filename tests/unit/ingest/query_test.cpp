// Filters, price statistics, and what stays equal whatever the order of the messages.
#include <doctest/doctest.h>

#include <random>

#include "tests/unit/ingest/archive_fixture.hpp"

using namespace vestari;
using namespace vestari::ingest;
using namespace vestari::ingest::testing;
using namespace std::chrono_literals;

namespace {

// Four days of one reference in two currencies, and another reference.
void fill(Archive& archive, const Clock& clock) {
    archive.include({rolex_group, "Dealers", Currency::of("USD")});
    archive.include({other_group, "HK", Currency::of("HKD")});
    Pipeline pipeline{archive, clock};
    const int prices[] = {12'000, 12'400, 12'100, 13'000};
    for (int day = 0; day < 4; ++day) {
        const std::string id = "D" + std::to_string(day);
        pipeline.accept(
            message(id, "WTS 126610LN $" + std::to_string(prices[day]), day, day * 86'400));
    }
    pipeline.accept(message("H1", "WTS 126610LN HKD 95,000", 1, 30, other_group));
    pipeline.accept(message("O1", "WTS 126710BLRO $17,900", 2, 60));
    pipeline.accept(message("T1", "hello", 2, 90));
    pipeline.flush();
}

} // namespace

TEST_CASE("filters choose and the newest comes first") {
    Workshop shop;
    Archive archive = shop.open();
    fill(archive, shop.clock);
    const auto day = [](int number) {
        return *read_iso_date("2026-03-05") + std::chrono::days{number};
    };
    struct Row {
        const char* what;
        DealFilter filter;
        std::size_t want;
    };
    const Row rows[] = {
        {"all", {}, 6},
        {"reference", {.reference = "126610LN"}, 5},
        {"reference in small letters", {.reference = "126610ln"}, 5},
        {"no such reference", {.reference = "5711"}, 0},
        {"brand", {.brand = "rolex"}, 6},
        {"other brand", {.brand = "Omega"}, 0},
        {"since", {.since = day(1)}, 3},
        {"until", {.until = day(0)}, 3},
        {"one day", {.since = day(1), .until = day(1)}, 1},
        {"side", {.side = parser::Side::sell}, 6},
        {"other side", {.side = parser::Side::buy}, 0},
        {"currency", {.currency = Currency::of("HKD")}, 1},
        {"from", {.min_major = 12'400}, 4},
        {"to", {.max_major = 12'400}, 3},
        {"between", {.min_major = 12'100, .max_major = 12'400}, 2},
        {"limit", {.limit = 2}, 2},
        {"limit after bounds", {.min_major = 12'400, .limit = 2}, 2},
        {"status", {.status = DealStatus::revoked}, 0},
        {"sure ones", {.min_confidence = 0.99}, 0},
        {"a quote in a filter is a value", {.reference = "' OR 1=1 --"}, 0},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        const std::vector<StoredDeal> deals = all_deals(archive, row.filter);
        CHECK(deals.size() == row.want);
        CHECK(std::ranges::is_sorted(deals, std::greater{}, &StoredDeal::last_seen));
    }
    const std::uint64_t opened = archive.values_opened();
    CHECK(all_deals(archive, {.content = Content::facts_only}).at(0).source.text.empty());
    CHECK(archive.values_opened() == opened);
}

TEST_CASE("a walk can stop early") {
    Workshop shop;
    Archive archive = shop.open();
    fill(archive, shop.clock);
    int seen = 0;
    for_each_deal(archive, {},
                  [&](const StoredDeal&) { return ++seen == 2 ? Next::stop : Next::go_on; });
    CHECK(seen == 2);
}

TEST_CASE("price statistics are whole numbers by linear interpolation") {
    struct Row {
        std::vector<std::int64_t> prices;
        PriceStats want;
    };
    const Row rows[] = {
        {{}, {}},
        {{7}, {1, 7, 7, 7, 7, 7}},
        {{1, 2}, {2, 1, 1, 1, 1, 2}},
        {{40, 10, 30, 20}, {4, 10, 17, 25, 32, 40}},
        {{5, 1, 4, 2, 3}, {5, 1, 2, 3, 4, 5}},
        {{0, 9'000'000'000'000'000'000},
         {2, 0, 2'250'000'000'000'000'000, 4'500'000'000'000'000'000, 6'750'000'000'000'000'000,
          9'000'000'000'000'000'000}},
    };
    for (const Row& row : rows) {
        std::vector<std::int64_t> prices = row.prices;
        const PriceStats stats = price_stats(prices);
        CHECK(stats.count == row.want.count);
        CHECK(stats.lowest == row.want.lowest);
        CHECK(stats.lower_quartile == row.want.lower_quartile);
        CHECK(stats.median == row.want.median);
        CHECK(stats.upper_quartile == row.want.upper_quartile);
        CHECK(stats.highest == row.want.highest);
    }
}

TEST_CASE("price history: one currency at a time, by month, without what is unsure or withdrawn") {
    Workshop shop;
    Archive archive = shop.open();
    fill(archive, shop.clock);
    const PriceHistory sure =
        price_history(archive, {.reference = "126610ln", .min_confidence = 0.99});
    CHECK(sure.all.count == 0);
    CHECK(sure.unsure == 5);
    CHECK(sure.reference == "126610LN");
    const PriceHistory history =
        price_history(archive, {.reference = "126610LN", .min_confidence = 0.5});
    CHECK(history.brand == "Rolex");
    CHECK(history.currency == Currency::of("USD"));
    CHECK(history.all.count == 4);
    CHECK(history.all.median == 1'225'000);
    REQUIRE(history.months.size() == 1);
    CHECK(history.months[0].month == std::chrono::year{2026} / 3);
    REQUIRE(history.currencies.size() == 2);
    CHECK(history.currencies[1].count == 1);
    const PriceHistory hong_kong = price_history(
        archive, {.reference = "126610LN", .currency = Currency::of("HKD"), .min_confidence = 0.5});
    CHECK(hong_kong.all.median == 9'500'000);
    Pipeline pipeline{archive, shop.clock};
    pipeline.accept(revoke("R1", "D3", 3, 3 * 86'400 + 60));
    pipeline.flush();
    CHECK(price_history(archive, {.reference = "126610LN", .min_confidence = 0.5}).all.count == 3);
    CHECK(!price_history(archive, {.reference = "none"}).currency);
}

TEST_CASE("ten thousand shuffled deliveries leave the same archive as one in order") {
    std::vector<event::Envelope> day;
    for (int i = 0; i < 60; ++i) {
        const std::string id = "M" + std::to_string(i);
        const std::string reference = i % 3 == 0 ? "WTS 126610LN $" : "WTS 126710BLRO $";
        day.push_back(
            message(id, i % 7 == 6 ? "hello" : reference + std::to_string(12'000 + i % 5 * 100),
                    i % 4, i * 10, i % 2 == 0 ? rolex_group : other_group));
    }
    const auto change = [&](event::Envelope envelope, const char* chat) {
        envelope.chat = chat;
        day.push_back(std::move(envelope));
    };
    change(edit("E1", "M3", "WTS 126610LV $14,000", 3, 700), other_group);
    change(edit("E2", "M3", "WTS 126610LV $13,900", 3, 800), other_group);
    change(edit("E3", "M5", "WTS 126610LV $13,900", 2, 700), other_group); // not the author
    change(edit("E4", "M6", "WTS 126610LN $11,000", 2, 700), rolex_group); // of chatter
    change(revoke("R1", "M8", 0, 900), rolex_group);
    change(revoke("R2", "M3", 3, 900), other_group);
    change(revoke("R3", "M10", 1, 900), rolex_group); // neither author nor admin
    event::Envelope admin = revoke("R4", "M12", 1, 900);
    admin.sender_is_admin = true;
    change(admin, rolex_group);
    change(edit("E5", "nowhere", "WTS 126610LV $14,000", 3, 700), other_group);

    std::mt19937 random{7};
    Workshop shop;
    {
        shop.open();
    }
    const auto file = shop.location().file;
    const auto empty = file.parent_path().parent_path() / "empty.db";
    std::filesystem::copy_file(file, empty); // the same keys each time, so that digests compare
    const auto hash_of = [&](const std::vector<event::Envelope>& envelopes) {
        std::filesystem::copy_file(empty, file, std::filesystem::copy_options::overwrite_existing);
        Archive archive = shop.open(OpenMode::existing);
        Pipeline pipeline{archive, shop.clock};
        for (const event::Envelope& envelope : envelopes) {
            pipeline.accept(envelope);
        }
        pipeline.flush();
        return archive.logical_hash();
    };
    const std::string in_order = hash_of(day);
    std::vector<event::Envelope> twice = day;
    twice.insert(twice.end(), day.begin(), day.end());
    CHECK(hash_of(twice) == in_order);
    for (int round = 0; round < 24; ++round) {
        CAPTURE(round);
        std::vector<event::Envelope> shuffled;
        for (int copy = 0; copy < 6; ++copy) {
            shuffled.insert(shuffled.end(), day.begin(), day.end());
        }
        std::ranges::shuffle(shuffled, random);
        CHECK(hash_of(shuffled) == in_order);
    }
}
