// Numbers without people: why stanzas were dropped per day, which chats were seen but not included, how often a dropped stanza came
// back.
//
// Invariants  a chat or stanza is an HMAC here; who it is cannot be read from any row. Reasons are words of our own code.
// Threads     the database's owner.
// Errors      StoreErrc, thrown.
// Source      SETTLED 4 ("Of a dropped stanza"), wire/20-messages.md section 2.4 (the clearing escalation).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/store/session_database.hpp"

namespace vestari::store {

inline constexpr std::chrono::days dropped_lifetime{30};

struct Count {
    std::chrono::sys_days day; // UTC
    std::string what;
    std::uint64_t count;
};

class Counters {
public:
    explicit Counters(SessionDatabase& database) noexcept : database_{database} {}
    void add(std::string_view what, TimePoint at, std::uint64_t by = 1);
    std::uint64_t total(std::string_view what) const; // over all days
    std::vector<Count> all() const;                   // by day, then by name

private:
    SessionDatabase& database_;
};

struct SeenChat {
    RowKey chat; // HMAC of the bare JID: compare with SeenChats::key_of
    std::uint64_t stanzas;
    TimePoint first_seen;
    TimePoint last_seen;
};

class SeenChats {
public:
    explicit SeenChats(SessionDatabase& database) noexcept : database_{database} {}
    RowKey key_of(std::string_view chat) const;
    void seen(std::string_view chat, TimePoint at, std::uint64_t stanzas = 1);
    void erase(std::string_view chat); // it is on the include-list now
    std::vector<SeenChat> all() const; // last seen first

private:
    SessionDatabase& database_;
};

// On how many connections a stanza was delivered: 1 the first time. Decides how it is cleared.
class DroppedStanzas {
public:
    struct Name {
        std::string_view id, from, participant;
        std::uint64_t resend = 0; // the answer to that retry receipt; a stanza of its own
    };
    explicit DroppedStanzas(SessionDatabase& database) noexcept : database_{database} {}
    std::uint32_t delivered(const Name& stanza, std::uint64_t connection, TimePoint at);
    std::int64_t erase_before(TimePoint limit);

private:
    SessionDatabase& database_;
};

} // namespace vestari::store
