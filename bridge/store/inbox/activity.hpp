// How lively an included group is: when its last message was sent, and how long its silences usually are.
//
// Invariants  a group is an HMAC; times come from messages, as the server dates them. A message that is older than the last one
//             counts and changes no interval.
// Threads     the database's owner.
// Errors      StoreErrc, thrown.
// Source      DESIGN 3 (health is freshness, per group, against its own usual rate).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bridge/store/session_database.hpp"

namespace vestari::store {

struct Activity {
    TimePoint last_at{};
    std::uint64_t messages = 0;
    std::chrono::milliseconds usual{
        0}; // running mean over some 32 intervals; 0 until there are 8 messages
    std::chrono::milliseconds longest{
        0}; // the longest silence, forgotten by a part in 256 with every message

    void message(TimePoint sent_at) noexcept;
};

class GroupActivities {
public:
    explicit GroupActivities(SessionDatabase& database) noexcept : database_{database} {}
    std::optional<Activity> load(std::string_view group) const;
    void store(std::string_view group, const Activity& activity);
    void erase(std::string_view group);

private:
    RowKey key_of(std::string_view group) const;

    SessionDatabase& database_;
};

} // namespace vestari::store
