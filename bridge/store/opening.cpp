#include "bridge/store/opening.hpp"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <SQLiteCpp/Column.h>
#include <sqlite3.h>

#include "bridge/store/migrations.hpp"

namespace vestari::store {

namespace {

constexpr const char* settings = R"sql(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
PRAGMA temp_store = MEMORY;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA mmap_size = 0;
PRAGMA cache_size = -2048;
PRAGMA journal_size_limit = 4194304;
)sql";

std::int64_t number(SQLite::Database& database, const char* sql) {
    return database.execAndGet(sql).getInt64();
}

// Before anything is written: is it ours, new, or somebody else's?
Result<> identify(SQLite::Database& database) {
    const std::int64_t application = number(database, "PRAGMA application_id");
    const std::int64_t objects = number(database, "SELECT count(*) FROM sqlite_schema");
    if (application != application_id && (application != 0 || objects != 0)) {
        return StoreErrc::foreign_file;
    }
    if (number(database, "PRAGMA user_version") > static_cast<std::int64_t>(migrations().size())) {
        return StoreErrc::newer_schema;
    }
    if (database.execAndGet("PRAGMA quick_check(1)").getString() != "ok") {
        return StoreErrc::corrupt;
    }
    return {};
}

// All missing versions in one transaction: a file is of one version or of the other. Taking the write lock here also keeps it: the
// locking mode is exclusive.
void bring_up_to_date(SQLite::Database& database) {
    database.exec("BEGIN IMMEDIATE");
    const auto all = migrations();
    const auto applied = static_cast<std::size_t>(number(database, "PRAGMA user_version"));
    for (std::size_t version = applied; version < all.size(); ++version) {
        database.exec(all[version]);
    }
    if (applied < all.size()) {
        database.exec("PRAGMA application_id = " + std::to_string(application_id));
        database.exec("PRAGMA user_version = " + std::to_string(all.size()));
    }
    database.exec("COMMIT");
}

} // namespace

StoreErrc errc_of(int sqlite_code) noexcept {
    switch (sqlite_code & 0xff) { // the primary code of an extended one
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return StoreErrc::locked;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return StoreErrc::corrupt;
    case SQLITE_FULL: return StoreErrc::disk_full;
    case SQLITE_IOERR: return StoreErrc::io;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY: return StoreErrc::cannot_open;
    default: return StoreErrc::other;
    }
}

// Made before SQLite sees it, so that it never exists with wider permissions; -wal takes the file's mode over. An existing file is
// not opened here: closing any descriptor of it would drop the locks that this process holds on it.
Result<> make_private(const std::filesystem::path& path) {
    const int created =
        ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (created >= 0) {
        ::close(created);
        return {};
    }
    struct stat info{};
    if (errno != EEXIST || ::lstat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
        return StoreErrc::cannot_open;
    }
    if ((info.st_mode & 0077U) != 0 && ::chmod(path.c_str(), 0600) != 0) {
        return StoreErrc::cannot_open;
    }
    return {};
}

Result<> prepare(SQLite::Database& database) {
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    if (const Result<> ours = identify(database); !ours) {
        return ours;
    }
    database.exec(settings);
    bring_up_to_date(database);
    return {};
}

} // namespace vestari::store
