// Who wrote which message: what an edit or a revoke is checked against, long after the message's dedupe rows are gone.
//
// Invariants  a message and its author are HMACs: without the index key nobody can be read from a row, only compared.
// Threads     the database's owner.
// Errors      StoreErrc, thrown.
// Source      SETTLED section 4 (an edit counts from the same author at any time); wire/20-messages.md section 6.2.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "bridge/store/session_database.hpp"

namespace vestari::store {

inline constexpr std::chrono::days author_lifetime{400}; // a year's deal may still be edited

class Authors {
public:
    explicit Authors(SessionDatabase& database) noexcept : database_{database} {}

    // `author`: a bare JID.
    bool wrote(std::string_view chat, std::string_view author, std::string_view id) const;
    bool anybody_wrote(std::string_view chat, std::string_view id) const;
    void insert(std::string_view chat, std::string_view author, std::string_view id, TimePoint at);
    std::int64_t erase_before(TimePoint limit);

private:
    RowKey message_key(std::string_view chat, std::string_view id) const;
    RowKey author_key(std::string_view chat, std::string_view author, std::string_view id) const;

    SessionDatabase& database_;
};

} // namespace vestari::store
