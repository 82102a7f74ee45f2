// One record (a row of `sighting`) between its struct and its columns.
//
// Errors      StorageFailure; a row that does not read back is ArchiveErrc::corrupt.
// Threads     the archive's owner.
#pragma once

#include "ingest/store/database/state.hpp"
#include "ingest/store/row/sealed_text.hpp"
#include "vestari/ingest/query.hpp"

namespace vestari::ingest {

// Numbers in the database: never change one. The same values as DealStatus, of a single record.
using RecordState = DealStatus;

struct Record {
    std::int64_t id = 0;
    std::int64_t deal = 0;
    std::int64_t message = 0;
    std::int64_t revision = 0;
    int ordinal = 0; // position in the message
    RecordState state = RecordState::active;
    Key16 chat{};
    Key16 sender{};
    TimePoint seen_at{}; // the message's time
    TimePoint said_at{}; // the revision's time
    std::chrono::sys_days deal_date{};
};

void insert(State& state, const Record& record, const parser::Deal& facts, const Details& details);

// What a SELECT over `sighting s JOIN deal d JOIN revision r` must list for read_deal, in this order.
extern const std::string_view deal_columns;
extern const std::string_view deal_tables;
inline constexpr std::size_t deal_column_count = 33;

// The deal as the row's record shows it.
StoredDeal read_deal(const State& state, const Use& row, Content content);
DealId read_id(const Use& row);
std::optional<Money> read_price(const Use& row);
RecordState read_state(std::int64_t number);

inline std::int64_t to_number(TimePoint at) { return at.time_since_epoch().count(); }
inline TimePoint to_time(std::int64_t milliseconds) {
    return TimePoint{std::chrono::milliseconds{milliseconds}};
}

} // namespace vestari::ingest
