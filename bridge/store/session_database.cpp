#include "bridge/store/session_database.hpp"

#include <string>
#include <unordered_map>
#include <vector>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include "bridge/store/opening.hpp"
#include "vestari/base/check.hpp"
#include "vestari/crypto/blind_index.hpp"
#include "vestari/crypto/seal.hpp"

namespace vestari::store {

namespace {

constexpr std::string_view sealed_column = "sealed";
constexpr std::string_view key_check = "key check"; // a device row that only the right key opens

// Seals are counted in the row of their key version. A reservation that a rollback took away is written again by the next one or
// the next commit.
class StoredSealCounter final : public crypto::SealCounter {
public:
    explicit StoredSealCounter(SQLite::Database& database)
        : read_{database, "SELECT reserved FROM seal_block WHERE version = ?"},
          write_{database, "INSERT OR REPLACE INTO seal_block (version, reserved) VALUES (?, ?)"} {}

    std::uint64_t reserve(crypto::Purpose, std::uint32_t version, std::uint64_t block) override {
        std::uint64_t& reserved = reserved_[version];
        if (reserved == 0) {
            read_.bind(1, version);
            if (read_.executeStep()) {
                reserved = static_cast<std::uint64_t>(read_.getColumn(0).getInt64());
            }
            read_.reset();
        }
        reserved += block;
        write(version, reserved);
        return reserved;
    }

    void rolled_back() noexcept { stale_ = !reserved_.empty(); }
    void before_commit() {
        if (stale_) {
            for (const auto& [version, reserved] : reserved_) {
                write(version, reserved);
            }
            stale_ = false;
        }
    }

private:
    void write(std::uint32_t version, std::uint64_t reserved) {
        write_.tryReset();
        write_.bind(1, version);
        write_.bind(2, static_cast<std::int64_t>(reserved));
        write_.exec();
    }

    SQLite::Statement read_;
    SQLite::Statement write_;
    std::map<std::uint32_t, std::uint64_t> reserved_;
    bool stale_ = false;
};

} // namespace

struct SessionDatabase::Parts {
    Parts(SQLite::Database&& open, SessionSecrets&& secrets)
        : database{std::move(open)}, counter{database},
          sealer{secrets.account, secrets.session_keys, counter},
          index{std::move(secrets.index_key)} {}

    SQLite::Database database;
    StoredSealCounter counter;
    crypto::Sealer sealer;
    crypto::BlindIndex index;
    std::unordered_map<const char*, SQLite::Statement> statements; // by the literal's address
    std::vector<ScopeListener*> listeners;
    std::function<void()> fence;
    std::uint64_t stamp = 1;
    std::uint64_t uses = 0;
    std::size_t depth = 0;
    bool lost =
        false; // SQLite dropped the transaction: nothing may commit until all its scopes are closed
};

SessionDatabase::SessionDatabase(std::unique_ptr<Parts> parts) noexcept
    : parts_{std::move(parts)} {}
SessionDatabase::~SessionDatabase() = default;

Result<std::unique_ptr<SessionDatabase>>
SessionDatabase::open(const std::filesystem::path& path, SessionSecrets secrets, const char* vfs) {
    if (const Result<> made = make_private(path); !made) {
        return made.error();
    }
    try {
        SQLite::Database file{path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_NOFOLLOW, 0,
                              vfs == nullptr ? "" : vfs};
        if (const Result<> ready = prepare(file); !ready) {
            return ready.error();
        }
        std::unique_ptr<SessionDatabase> database{
            new SessionDatabase{std::make_unique<Parts>(std::move(file), std::move(secrets))}};
        if (const Result<> right = database->check_key(); !right) {
            return right.error();
        }
        return database;
    } catch (const SQLite::Exception& error) {
        return errc_of(error.getErrorCode());
    } catch (const boost::system::system_error& error) { // the first seal could not be counted
        return error.code();
    }
}

// A new file gets a value that only this key and account open; every later opening tries it.
Result<> SessionDatabase::check_key() {
    SQLite::Statement& read = prepared("SELECT sealed FROM device WHERE name = ?");
    read.bind(1, std::string{key_check});
    if (!read.executeStep()) {
        read.reset();
        const Bytes sealed = seal("device", as_bytes(key_check), as_bytes(key_check));
        SQLite::Statement& write = prepared("INSERT INTO device (name, sealed) VALUES (?, ?)");
        write.bind(1, std::string{key_check});
        write.bind(2, sealed.data(), static_cast<int>(sealed.size()));
        write.exec();
        write.reset();
        return {};
    }
    const SQLite::Column value = read.getColumn(0);
    const BytesView sealed{static_cast<const std::byte*>(value.getBlob()),
                           static_cast<std::size_t>(value.getBytes())};
    const auto opened = parts_->sealer.open({"device", sealed_column, as_bytes(key_check)}, sealed);
    read.reset();
    if (!opened) {
        return StoreErrc::wrong_key;
    }
    return {};
}

bool SessionDatabase::in_scope() const noexcept { return parts_->depth > 0; }
std::uint64_t SessionDatabase::stamp() const noexcept { return parts_->stamp; }

void SessionDatabase::add_listener(ScopeListener& listener) {
    parts_->listeners.push_back(&listener);
}
void SessionDatabase::remove_listener(ScopeListener& listener) noexcept {
    std::erase(parts_->listeners, &listener);
}

RowKey SessionDatabase::row_key(std::string_view label,
                                std::initializer_list<BytesView> parts) const {
    const crypto::Digest digest = parts_->index.of(label, parts);
    RowKey key;
    std::copy_n(digest.begin(), key.size(), key.begin());
    return key;
}

Bytes SessionDatabase::seal(std::string_view table, BytesView row, BytesView plain) {
    try {
        return parts_->sealer.seal({table, sealed_column, row}, plain);
    } catch (const SQLite::Exception& error) { // the seal counter's
        fail(error.getErrorCode());
    }
}

Bytes SessionDatabase::unseal(std::string_view table, BytesView row, BytesView sealed) const {
    Result<Bytes> plain = parts_->sealer.open({table, sealed_column, row}, sealed);
    if (!plain) {
        throw boost::system::system_error{make_error_code(StoreErrc::damaged_record)};
    }
    return std::move(*plain);
}

SQLite::Statement& SessionDatabase::prepared(const char* sql) {
    ++parts_->uses;
    const auto found = parts_->statements.find(sql);
    if (found != parts_->statements.end()) {
        return found->second;
    }
    try {
        return parts_->statements.try_emplace(sql, parts_->database, sql).first->second;
    } catch (const SQLite::Exception& error) {
        fail(error.getErrorCode());
    }
}

void SessionDatabase::fail(int sqlite_code) {
    throw boost::system::system_error{make_error_code(errc_of(sqlite_code))};
}

std::uint64_t SessionDatabase::begin(const char* sql) {
    Parts& parts = *parts_;
    if (parts.lost) {
        throw boost::system::system_error{make_error_code(StoreErrc::lost_transaction)};
    }
    try {
        prepared(sql).exec();
        prepared(sql).reset();
    } catch (const SQLite::Exception& error) {
        prepared(sql).tryReset();
        fail(error.getErrorCode());
    }
    ++parts.depth;
    return ++parts.stamp;
}

void SessionDatabase::rest() {
    VESTARI_CHECK(!in_scope());
    parts_->statements.clear();
    sqlite3_db_release_memory(parts_->database.getHandle());
}

std::uint64_t SessionDatabase::uses() const noexcept { return parts_->uses; }

void SessionDatabase::set_fence(std::function<void()> fence) { parts_->fence = std::move(fence); }

void SessionDatabase::commit(const char* sql) {
    Parts& parts = *parts_;
    if (parts.lost || sqlite3_get_autocommit(parts.database.getHandle()) != 0) {
        throw boost::system::system_error{make_error_code(StoreErrc::lost_transaction)};
    }
    try {
        if (parts.depth == 1) {
            if (parts.fence) {
                parts.fence();
            }
            parts.counter.before_commit();
        }
        prepared(sql).exec();
        prepared(sql).reset();
    } catch (const SQLite::Exception& error) {
        prepared(sql).tryReset();
        fail(error.getErrorCode());
    }
    --parts.depth;
}

void SessionDatabase::roll_back(std::uint64_t since,
                                std::initializer_list<const char*> sql) noexcept {
    Parts& parts = *parts_;
    bool undone = sqlite3_get_autocommit(parts.database.getHandle()) == 0 && !parts.lost;
    for (const char* statement : sql) {
        undone = undone && sqlite3_exec(parts.database.getHandle(), statement, nullptr, nullptr,
                                        nullptr) == SQLITE_OK;
    }
    parts.lost = parts.lost || !undone;
    parts.counter.rolled_back();
    for (ScopeListener* listener : parts.listeners) {
        listener->rolled_back(undone ? since : 0);
    }
    if (--parts.depth > 0) {
        return;
    }
    if (sqlite3_get_autocommit(parts.database.getHandle()) ==
        0) { // the undoing failed: give up all of it
        sqlite3_exec(parts.database.getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    parts.lost = false;
}

Transaction::Transaction(SessionDatabase& database) : database_{database} {
    VESTARI_CHECK(!database.in_scope());
    since_ = database_.begin("BEGIN IMMEDIATE");
}

void Transaction::commit() {
    VESTARI_CHECK(state_ == State::open);
    database_.commit("COMMIT");
    state_ = State::closed;
}

Transaction::~Transaction() {
    if (state_ == State::open) {
        database_.roll_back(since_, {"ROLLBACK"});
    }
}

Savepoint::Savepoint(SessionDatabase& database)
    : database_{database}, since_{database.begin("SAVEPOINT scope")} {}

void Savepoint::release() {
    VESTARI_CHECK(state_ == State::open);
    database_.commit("RELEASE scope");
    state_ = State::closed;
}

Savepoint::~Savepoint() {
    if (state_ == State::open) {
        database_.roll_back(since_, {"ROLLBACK TO scope", "RELEASE scope"});
    }
}

} // namespace vestari::store
