// The inside of an open archive: database, keys and what must be undone with a transaction.
//
// For ingest/store and ingest/pipeline only.
// Invariants  ids are handed out in memory and saved with the transaction that uses them; abandon() brings them back.
// Threads     one owner.
// Errors      StorageFailure; a sealed value that does not open is ArchiveErrc::corrupt.
#pragma once

#include <string>
#include <unordered_map>

#include "ingest/store/database/database.hpp"
#include "ingest/store/database/lock.hpp"
#include "vestari/crypto/blind_index.hpp"
#include "vestari/crypto/keyring.hpp"
#include "vestari/crypto/seal.hpp"

namespace vestari::ingest {

class StoredSealCounter final : public crypto::SealCounter {
public:
    explicit StoredSealCounter(Database& db) : db_{db} {}
    std::uint64_t reserve(crypto::Purpose purpose, std::uint32_t key_version,
                          std::uint64_t block) override;

private:
    Database& db_;
};

struct State {
    State(FileLock held, Database opened, crypto::Keyring opened_keys, std::string account_name);
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() = default;

    FileLock lock; // released last
    Database db;
    std::string account;
    crypto::Keyring keys;
    StoredSealCounter seal_counter;
    mutable crypto::Sealer sealer;
    crypto::BlindIndex blind;

    std::int64_t next_id() noexcept { return next_id_++; }
    void begin();
    void commit();
    void abandon() noexcept; // undoes the transaction and everything in memory that belongs to it
    std::uint64_t abandoned() const noexcept {
        return abandoned_;
    } // how often: who had something open has lost it

    Bytes seal(const char* table, const char* column, std::int64_t row, BytesView plain) const;
    Bytes open(const char* table, const char* column, std::int64_t row, BytesView sealed) const;
    Bytes seal(const char* table, const char* column, BytesView row, std::string_view plain) const;
    std::string open(const char* table, const char* column, BytesView row, BytesView sealed) const;

    Key16 chat_key(std::string_view jid) const;
    Key16 sender_key(std::string_view user) const;
    Key16 message_name(std::string_view chat, std::string_view id) const;
    Key16 author_tag(std::string_view chat, std::string_view id, std::string_view author) const;

    std::string lid_of(const std::string& pn); // empty: not known
    void remember_lid(const std::string& pn, const std::string& lid);

private:
    void load_next_id();
    std::int64_t next_id_ = 1;
    std::int64_t saved_id_ = 1;
    std::uint64_t abandoned_ = 0;
    std::unordered_map<std::string, std::string> lids_; // by phone number; "" where none is known
};

// Runs `change` in a transaction of its own, or as a step of the one that is open.
template <class Change> void in_transaction(State& state, Change&& change) {
    const bool own = !state.db.in_transaction();
    if (own) {
        state.begin();
    }
    try {
        change();
        if (own) {
            state.commit();
        }
    } catch (...) {
        state.abandon();
        throw;
    }
}

} // namespace vestari::ingest
