#include "ingest/store/database/database.hpp"

#include <sqlite3.h>

#include <SQLiteCpp/Exception.h>

#include "vestari/base/check.hpp"

namespace vestari::ingest {

void throw_storage_failure(int sqlite_code) {
    switch (sqlite_code & 0xff) {
    case SQLITE_FULL: throw StorageFailure{ArchiveErrc::disk_full};
    case SQLITE_CORRUPT: throw StorageFailure{ArchiveErrc::corrupt};
    case SQLITE_NOTADB: throw StorageFailure{ArchiveErrc::not_an_archive};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: throw StorageFailure{ArchiveErrc::locked};
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH: throw StorageFailure{ArchiveErrc::permission};
    case SQLITE_IOERR: throw StorageFailure{ArchiveErrc::io};
    case SQLITE_NOMEM: throw std::bad_alloc{};
    default: return;
    }
}

namespace {

// Runs one call of SQLiteCpp and tells the machine's failures from ours.
template <class Call> decltype(auto) guarded(Call&& call) {
    try {
        return call();
    } catch (const SQLite::Exception& error) {
        throw_storage_failure(error.getExtendedErrorCode() == -1 ? error.getErrorCode()
                                                                 : error.getExtendedErrorCode());
        throw;
    }
}

constexpr int open_flags =
    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX; // one owner

// None of these touches the file. locking_mode must come before the first access.
constexpr const char* before_reading = "PRAGMA locking_mode = EXCLUSIVE;"
                                       "PRAGMA trusted_schema = OFF;"
                                       "PRAGMA cell_size_check = ON;"
                                       "PRAGMA temp_store = MEMORY;"
                                       "PRAGMA cache_size = -16384;";
// Blind indexes spread over all pages and each savepoint copies what it changes: small pages are written 15 % faster.
constexpr const char* before_writing = "PRAGMA page_size = 2048;"
                                       "PRAGMA secure_delete = ON;"
                                       "PRAGMA journal_mode = WAL;"
                                       "PRAGMA synchronous = FULL;"
                                       "PRAGMA wal_autocheckpoint = 8000;";

} // namespace

// The values stay bound, and with them the memory for the next ones: every run binds all of them anew.
Use::~Use() {
    if (statement_ != nullptr) {
        statement_->tryReset();
    }
}

void Use::put(int index, std::nullptr_t) { statement_->bind(index); }
void Use::put(int index, std::int64_t value) { statement_->bind(index, value); }
void Use::put(int index, double value) { statement_->bind(index, value); }
void Use::put(int index, const std::string& value) { statement_->bind(index, value); }

void Use::put(int index, BytesView value) {
    static constexpr std::byte nothing{};
    statement_->bind(index, value.empty() ? &nothing : value.data(),
                     static_cast<int>(value.size()));
}

bool Use::step() {
    return guarded([this] { return statement_->executeStep(); });
}

void Use::run() { VESTARI_CHECK(!step()); }

int Use::changes_after_run() {
    run();
    return statement_->getChanges();
}

bool Use::is_null(int column) const { return statement_->isColumnNull(column); }
std::int64_t Use::integer(int column) const { return statement_->getColumn(column).getInt64(); }
double Use::real(int column) const { return statement_->getColumn(column).getDouble(); }
std::string Use::text(int column) const { return statement_->getColumn(column).getString(); }

BytesView Use::blob(int column) const {
    const SQLite::Column value = statement_->getColumn(column);
    const void* data = value.getBlob();
    return {static_cast<const std::byte*>(data), static_cast<std::size_t>(value.getBytes())};
}

Key16 Use::key(int column) const {
    const BytesView bytes = blob(column);
    if (bytes.size() != Key16{}.size()) {
        throw StorageFailure{ArchiveErrc::corrupt};
    }
    Key16 key;
    std::ranges::copy(bytes, key.begin());
    return key;
}

int Use::columns() const { return statement_->getColumnCount(); }
std::string Use::name(int column) const { return statement_->getColumnName(column); }

std::string Use::printable(int column) const {
    const SQLite::Column value = statement_->getColumn(column);
    if (value.isBlob()) {
        return to_hex(blob(column));
    }
    return value.isNull() ? std::string{} : value.getString();
}

Database::Database(const std::string& file, const std::string& vfs)
    : db_{guarded([&] { return SQLite::Database{file, open_flags, 0, vfs}; })} {
    script(before_reading);
}

void Database::prepare_for_writing() { script(before_writing); }

Use Database::use(const char* literal) {
    std::unique_ptr<SQLite::Statement>& statement = statements_[literal];
    if (!statement) {
        statement = guarded([&] { return std::make_unique<SQLite::Statement>(db_, literal); });
    }
    return Use{*statement};
}

Use Database::prepare(const std::string& sql) {
    return Use{guarded([&] { return std::make_unique<SQLite::Statement>(db_, sql); })};
}

std::int64_t Database::number(const char* literal) {
    Use query = use(literal);
    return query.step() ? query.integer(0) : 0;
}

void Database::script(const char* sql) {
    guarded([&] { db_.exec(sql); });
}

bool Database::in_transaction() const noexcept {
    return sqlite3_get_autocommit(db_.getHandle()) == 0;
}

void Database::rollback() noexcept {
    if (in_transaction()) {
        sqlite3_exec(db_.getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

Transaction::Transaction(Database& db) : db_{db}, nested_{db.in_transaction()} {
    db_.run(nested_ ? "SAVEPOINT step" : "BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (!open_) {
        return;
    }
    try {
        if (!nested_) {
            db_.rollback();
        } else if (db_.in_transaction()) { // some failures undo the whole transaction by themselves
            db_.run("ROLLBACK TO step");
            db_.run("RELEASE step");
        }
    } catch (const std::exception&) {
        db_.rollback(); // a savepoint that cannot be undone takes its transaction with it
    }
}

void Transaction::commit() {
    db_.run(nested_ ? "RELEASE step" : "COMMIT");
    open_ = false;
}

} // namespace vestari::ingest
