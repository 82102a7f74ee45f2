// What waits, sealed: edits and revokes that came before their original, ciphertexts that lack their key, plaintexts that no reader
// understood.
//
// Invariants  a row is found by HMAC alone; payloads are the caller's own form and stay opaque here.
// Threads     the database's owner.
// Errors      StoreErrc, thrown.
// Source      wire/20-messages.md sections 4, 5.1, 5.2; SETTLED 4.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "bridge/store/session_database.hpp"

namespace vestari::store {

inline constexpr std::chrono::days pending_lifetime{14}; // as long as the server queues
inline constexpr std::chrono::days quarantine_lifetime{30};
inline constexpr std::chrono::hours kept_ciphertext_lifetime{1}; // of stanza time

inline constexpr std::size_t most_waiting =
    256; // rows handed out at once: a flood is no flood in memory

struct WaitingRow {
    std::int64_t row;
    TimePoint at;
    Bytes payload;
};

// Edits and revokes whose original has not been seen, by the original's (chat, id).
class Pending {
public:
    explicit Pending(SessionDatabase& database) noexcept : database_{database} {}
    void put(std::string_view chat, std::string_view target_id, BytesView payload, TimePoint at);
    std::vector<WaitingRow> of(std::string_view chat,
                               std::string_view target_id) const; // oldest first, most_waiting
    void erase(std::int64_t row);
    std::int64_t erase_before(TimePoint limit);
    std::uint64_t rows() const;

private:
    SessionDatabase& database_;
};

// skmsg ciphertexts of included groups that failed for want of a key; run again when a distribution of that user arrives.
class KeptCiphertexts {
public:
    explicit KeptCiphertexts(SessionDatabase& database) noexcept : database_{database} {}
    // `name`: the sender's Signal address name, without the device.
    void put(std::string_view group, std::string_view name, BytesView payload, TimePoint at);
    std::vector<WaitingRow> of(std::string_view group,
                               std::string_view name) const; // oldest first, most_waiting
    void erase(std::int64_t row);
    void erase_group(std::string_view group);
    std::int64_t erase_before(TimePoint limit);
    std::uint64_t rows() const;
    bool empty() const;
    std::uint64_t rows_of(std::string_view group, std::string_view name) const;

private:
    SessionDatabase& database_;
};

// Decrypted, but the padding or the content could not be read: kept for a person with the key to look at.
class Quarantine {
public:
    explicit Quarantine(SessionDatabase& database) noexcept : database_{database} {}
    void put(BytesView payload, TimePoint at);
    std::vector<WaitingRow> oldest(std::size_t limit) const;
    void erase(std::int64_t row);
    std::int64_t erase_before(TimePoint limit);
    std::uint64_t rows() const;

private:
    SessionDatabase& database_;
};

} // namespace vestari::store
