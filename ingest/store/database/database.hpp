// SQLite as the archive uses it: statements prepared once, settings that never vary, failures told apart.
//
// Invariants  WAL, synchronous=FULL, secure_delete=ON, temp_store=MEMORY, exclusive locking (so there is no shared-memory file).
//             SQL texts are literals: they are the keys of the statement cache.
// Threads     one owner.
// Errors      StorageFailure with the cause; any other error of SQLite is a defect of ours and passes as SQLite::Exception.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "vestari/base/bytes.hpp"
#include "vestari/ingest/archive.hpp"

namespace vestari::ingest {

using Key16 = std::array<std::byte, 16>; // a blind index, cut to what telling rows apart needs

// Throws StorageFailure for what the machine did; returns for anything else.
void throw_storage_failure(int sqlite_code);

// One run of a prepared statement; it is reset when this goes out of scope.
class Use {
public:
    explicit Use(SQLite::Statement& statement) noexcept : statement_{&statement} {}
    explicit Use(std::unique_ptr<SQLite::Statement> own) noexcept
        : own_{std::move(own)}, statement_{own_.get()} {}
    Use(Use&& other) noexcept
        : own_{std::move(other.own_)}, statement_{std::exchange(other.statement_, nullptr)} {}
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    Use& operator=(Use&&) = delete;
    ~Use();

    // All parameters, in order; the values are copied.
    template <class... Values> Use& bind(const Values&... values) {
        int index = 0;
        (put(++index, values), ...);
        return *this;
    }
    template <class Value> void bind_at(int index, const Value& value) { put(index, value); }
    bool step(); // a row is there
    void run();  // a statement without rows
    int changes_after_run();

    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;
    BytesView blob(int column) const; // valid until the next step
    Key16 key(int column) const;      // StorageFailure(corrupt) if it has another length
    int columns() const;
    std::string name(int column) const;
    std::string printable(int column) const; // whatever its type; a blob as hexadecimal digits

private:
    void put(int index, std::nullptr_t);
    void put(int index, std::int64_t value);
    void put(int index, double value);
    void put(int index, const std::string& value);
    void put(int index, BytesView value);
    void put(int index, const Bytes& value) { put(index, BytesView{value}); }
    template <std::size_t N> void put(int index, const std::array<std::byte, N>& value) {
        put(index, BytesView{value});
    }
    template <std::integral Number>
        requires(!std::same_as<Number, std::int64_t>)
    void put(int index, Number value) {
        put(index, static_cast<std::int64_t>(value));
    }
    void put(int index, std::string_view value) { put(index, std::string{value}); }
    template <class Value> void put(int index, const std::optional<Value>& value) {
        if (value) {
            put(index, *value);
        } else {
            put(index, nullptr);
        }
    }

    std::unique_ptr<SQLite::Statement> own_; // of a statement that is prepared for one run
    SQLite::Statement* statement_;
};

class Database {
public:
    Database(const std::string& file, const std::string& vfs); // reads only, until
    void prepare_for_writing();                                // the file is known to be ours

    Use use(const char* literal);
    Use prepare(const std::string& sql); // for one run: not cached
    void run(const char* literal) { use(literal).run(); }
    std::int64_t number(const char* literal); // first column of the first row
    void script(const char* sql);             // several statements, not cached
    bool in_transaction() const noexcept;
    void rollback() noexcept; // if a transaction is open
    void forget_statements() { statements_.clear(); }

private:
    SQLite::Database db_;
    std::unordered_map<const char*, std::unique_ptr<SQLite::Statement>> statements_;
};

// A transaction, or a savepoint inside one; undone unless commit() was reached.
class Transaction {
public:
    explicit Transaction(Database& db);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    void commit();

private:
    Database& db_;
    bool nested_;
    bool open_ = true;
};

} // namespace vestari::ingest
