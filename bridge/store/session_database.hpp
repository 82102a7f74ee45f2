// The bridge's database: Signal state, what was handled, what waits, the spool. The rooms beside this file read and write it.
//
// Invariants  every record is sealed with the session key for its table, column and row; row keys are HMACs with the index key; in the
//             clear stand times, counts, prekey ids and words of our own code. One process has it at a time. Files are 0600.
//             A write outside a Transaction or Savepoint is its own transaction.
// Durability  WAL, synchronous=FULL: what `commit` returned for is on the disk. secure_delete: what is erased is overwritten.
// Threads     one owner.
// Errors      open: StoreErrc or the CryptoErrc of the key. Later: StoreErrc, thrown (errors.hpp).
// Source      DESIGN 2 (session.db + spool), SETTLED 1 and 2, wire/20-messages.md section 6.2.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string_view>

#include "bridge/store/errors.hpp"
#include "vestari/base/bytes.hpp"
#include "vestari/base/clock.hpp"
#include "vestari/crypto/identity.hpp"
#include "vestari/crypto/secret.hpp"

namespace SQLite {
class Statement;
}

namespace vestari::store {

using RowKey = std::array<std::byte, 16>; // the first half of an HMAC-SHA256

struct SessionSecrets {
    crypto::AccountId account;
    std::map<std::uint32_t, crypto::SessionKey> session_keys; // by version; the newest seals
    crypto::IndexKey index_key;
};

// Told when state in memory that mirrors rows must be thrown away.
class ScopeListener {
public:
    ScopeListener() = default;
    ScopeListener(const ScopeListener&) = delete;
    ScopeListener& operator=(const ScopeListener&) = delete;
    virtual ~ScopeListener() = default;
    virtual void
    rolled_back(std::uint64_t since) noexcept = 0; // changes stamped >= since are undone
};

class SessionDatabase {
public:
    // Creates the file if it is missing. `vfs`: the name of an SQLite VFS, for tests that stop the disk.
    [[nodiscard]] static Result<std::unique_ptr<SessionDatabase>>
    open(const std::filesystem::path& path, SessionSecrets secrets, const char* vfs = nullptr);

    SessionDatabase(const SessionDatabase&) = delete;
    SessionDatabase& operator=(const SessionDatabase&) = delete;
    ~SessionDatabase();

    bool in_scope() const noexcept;       // inside a Transaction or Savepoint
    std::uint64_t stamp() const noexcept; // of a change made now: rises with every scope opened

    // Asked in every outermost scope right before it commits: by throwing it keeps the commit from happening. The lease's.
    void set_fence(std::function<void()> fence);

    // Gives back what it keeps to be quick: pages and statements. Outside of any scope; the next use fetches them anew.
    void rest();
    std::uint64_t uses() const noexcept; // of statements, so far: unchanged means nobody asked

    void add_listener(ScopeListener& listener); // removed again before it is destroyed
    void remove_listener(ScopeListener& listener) noexcept;

    // For the rooms beside this file only.
    RowKey row_key(std::string_view label, std::initializer_list<BytesView> parts) const;
    Bytes seal(std::string_view table, BytesView row, BytesView plain);
    Bytes unseal(std::string_view table, BytesView row, BytesView sealed) const;
    SQLite::Statement& prepared(const char* sql); // `sql`: a literal; the statement is kept
    [[noreturn]] static void fail(int sqlite_code);

private:
    friend class Transaction;
    friend class Savepoint;
    struct Parts;
    explicit SessionDatabase(std::unique_ptr<Parts> parts) noexcept;

    Result<> check_key();
    std::uint64_t begin(const char* sql);
    void commit(const char* sql);
    void roll_back(std::uint64_t since, std::initializer_list<const char*> sql) noexcept;
    std::unique_ptr<Parts> parts_;
};

// BEGIN IMMEDIATE … COMMIT; rolls back unless committed. Does not nest.
class Transaction {
public:
    explicit Transaction(SessionDatabase& database);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    void commit(); // throws if it could not be made durable; then nothing of it is stored

private:
    SessionDatabase& database_;
    std::uint64_t since_;
    enum class State : std::uint8_t { open, closed } state_ = State::open;
};

// SAVEPOINT … RELEASE; rolls back to its start unless released. Nests, and is a transaction of its own outside of one.
class Savepoint {
public:
    explicit Savepoint(SessionDatabase& database);
    Savepoint(const Savepoint&) = delete;
    Savepoint& operator=(const Savepoint&) = delete;
    ~Savepoint();
    void release();

private:
    SessionDatabase& database_;
    std::uint64_t since_;
    enum class State : std::uint8_t { open, closed } state_ = State::open;
};

} // namespace vestari::store
