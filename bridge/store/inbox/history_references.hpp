// Where the phone left history blobs: what a later fetch needs, sealed. Nothing is fetched or decoded here.
//
// Threads     the database's owner.
// Errors      StoreErrc, thrown.
// Source      wire/20-messages.md sections 8.1 and 8.5; wire/README.md decision 3.
#pragma once

#include <chrono>
#include <cstdint>

#include "bridge/store/session_database.hpp"
#include "bridge/store/waiting.hpp"

namespace vestari::store {

inline constexpr std::chrono::days history_reference_lifetime{30}; // the hosts forget sooner
inline constexpr std::uint64_t most_history_references = 1000;     // a phone offers some dozens

class HistoryReferences {
public:
    explicit HistoryReferences(SessionDatabase& database) noexcept : database_{database} {}
    bool put(BytesView payload, TimePoint at); // false: there are too many
    std::vector<WaitingRow> oldest(std::size_t limit) const;
    void erase(std::int64_t row);
    std::int64_t erase_before(TimePoint limit);
    std::uint64_t rows() const;

private:
    SessionDatabase& database_;
};

} // namespace vestari::store
