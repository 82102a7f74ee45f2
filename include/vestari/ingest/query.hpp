// Reading the archive and taking things out of it.
//
// Cost        for_each_deal streams: one deal is in memory at a time. price_history reads one reference's prices.
// Threads     the archive's owner. A callback must not write to the archive.
// Errors      StorageFailure when the machine fails; a sealed value that does not open is ArchiveErrc::corrupt.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vestari/ingest/archive.hpp"
#include "vestari/ingest/deal.hpp"

namespace vestari::ingest {

enum class History : std::uint8_t {
    current,
    everything
}; // current: without superseded deals (status edited)
enum class Content : std::uint8_t {
    opened,
    facts_only
}; // facts_only: sealed fields stay empty, nothing is unsealed
enum class Next : std::uint8_t { go_on, stop };

// Ids that begin with the same digits lie in one range.
struct IdRange {
    DealId first{0};
    DealId last{0}; // inclusive
    bool operator==(const IdRange&) const = default;
};

struct DealFilter {
    std::optional<std::string> brand{};           // canonical; ASCII letters of either case
    std::optional<std::string> reference{};       // canonical; ASCII letters of either case
    std::optional<std::chrono::sys_days> since{}; // deal date, inclusive
    std::optional<std::chrono::sys_days> until{}; // deal date, inclusive
    std::optional<parser::Side> side{};
    std::optional<Currency> currency{};
    std::optional<std::int64_t>
        min_major{}; // price in whole units of the deal's own currency; a deal without a price is left out
    std::optional<std::int64_t> max_major{};
    std::optional<DealStatus> status{};
    std::optional<IdRange> ids{};
    double min_confidence = 0;
    History history = History::current;
    Content content = Content::opened;
    std::optional<std::size_t> limit{};
};

// Newest first (last_seen, then id).
void for_each_deal(const Archive& archive, const DealFilter& filter,
                   const std::function<Next(const StoredDeal&)>& each);
// The ids of the same deals in the same order: for a reader that comes back for each, while messages go on being stored.
std::vector<DealId> deal_ids(const Archive& archive, const DealFilter& filter);
std::optional<StoredDeal> find_deal(const Archive& archive, DealId id);
// Every record of one deal: reposts, superseded and withdrawn ones too, by time.
std::vector<StoredDeal> sightings_of(const Archive& archive, DealId id);

struct PriceStats {
    std::size_t count = 0;
    std::int64_t lowest = 0; // all in minor units
    std::int64_t lower_quartile = 0;
    std::int64_t median = 0;
    std::int64_t upper_quartile = 0;
    std::int64_t highest = 0;
};
// Linear interpolation between the closest ranks, rounded down to whole minor units. `prices` is sorted by the call.
PriceStats price_stats(std::span<std::int64_t> prices);

struct MonthlyPrices {
    std::chrono::year_month month;
    PriceStats stats;
};
struct CurrencyCount {
    Currency currency;
    std::size_t count;
};
struct PriceQuery {
    std::string reference;
    std::optional<Currency> currency{}; // none: the one with the most prices
    std::optional<std::chrono::sys_days> since{};
    std::optional<std::chrono::sys_days> until{};
    double min_confidence = 0.85; // DOMAIN section 8: used in statistics from
};
// Asking and selling prices of deals that were not withdrawn; bids are not prices.
struct PriceHistory {
    std::string brand;     // as stored; empty when there is nothing
    std::string reference; // as stored, or as asked
    std::optional<Currency> currency{};
    PriceStats all;
    std::vector<MonthlyPrices> months;     // ascending; months without a price are not there
    std::vector<CurrencyCount> currencies; // what there is in each currency, most first
    std::size_t unsure = 0;                // left out because of min_confidence
};
PriceHistory price_history(const Archive& archive, const PriceQuery& query);

struct ArchiveCounts {
    std::uint64_t messages = 0; // remembered, chatter too
    std::uint64_t deals = 0;
    std::uint64_t sightings = 0;
    std::uint64_t held = 0;   // edits and revokes that wait for their message
    std::uint64_t outbox = 0; // changes that wait for the sync
};
ArchiveCounts count(const Archive& archive);

// Deletes deals with all their records and sources, and leaves tombstones for the sync. What is gone is overwritten
// (secure_delete) and the log is truncated. Returns how many there were; messages stay known, so that a replay does not bring
// them back.
std::size_t delete_deals(Archive& archive, std::span<const DealId> ids);
std::size_t purge(Archive& archive); // every deal

// How one deal rests on disk: its row with the sealed values as they are. For `./dev demo` and doctor.
struct RawColumn {
    std::string name;
    std::string value; // text, number, or hexadecimal bytes
    bool sealed = false;
};
std::vector<RawColumn> raw_row(const Archive& archive, DealId id);

} // namespace vestari::ingest
