// One use of a kept statement: binds in order, steps, and resets when it goes out of scope. For the rooms of bridge/store only.
//
// Invariants  bound bytes are not copied: they outlive the Query. One statement is in use once at a time, so rows are collected before
//             anything else runs.
// Errors      StoreErrc, thrown.
#pragma once

#include <cstdint>
#include <string_view>

#include "bridge/store/session_database.hpp"

namespace vestari::store {

class Query {
public:
    template <class... Values>
    Query(SessionDatabase& database, const char* sql, const Values&... values)
        : statement_{database.prepared(sql)} {
        (bind(values), ...);
    }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query();

    bool next();        // true: there is a row
    std::int64_t run(); // to its end; the number of rows it changed

    std::int64_t integer(int column) const;
    BytesView blob(int column) const; // valid until the next step
    std::string_view text(int column) const { return as_text(blob(column)); }

private:
    void bind(std::int64_t value);
    void bind(std::uint64_t value) { bind(static_cast<std::int64_t>(value)); }
    void bind(std::uint32_t value) { bind(static_cast<std::int64_t>(value)); }
    void bind(TimePoint value) {
        bind(static_cast<std::int64_t>(value.time_since_epoch().count()));
    }
    void bind(BytesView value);
    void bind(const Bytes& value) { bind(BytesView{value}); }
    void bind(const RowKey& value) { bind(BytesView{value}); }
    void bind(std::string_view value);

    SQLite::Statement& statement_;
    int bound_ = 0;
};

inline TimePoint time_from(std::int64_t milliseconds) noexcept {
    return TimePoint{std::chrono::milliseconds{milliseconds}};
}

// The row id that AUTOINCREMENT will give next in `table`: never one that was given before.
std::int64_t next_row(SessionDatabase& database, std::string_view table);

} // namespace vestari::store
