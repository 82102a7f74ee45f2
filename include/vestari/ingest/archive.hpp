// The archive of one account: one SQLite file that holds its keys (wrapped), its include-list and its deals (sealed).
//
// Invariants  one writer: an open archive is locked against every other process. What SETTLED section 2 lists as sealed is
//             sealed before it reaches SQLite; it is found by blind index. Files are 0600 in a directory of 0700. WAL,
//             synchronous=FULL, secure_delete=ON, temp_store=MEMORY.
// Threads     one owner.
// Errors      open: ArchiveErrc. Later calls throw StorageFailure when the machine fails (disk full, I/O, damage); the open
//             transaction is rolled back before it leaves.
// Guide       deal.hpp what is kept; database/schema.hpp the tables; query.hpp reading and deleting; ../pipeline/pipeline.hpp writing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "vestari/base/clock.hpp"
#include "vestari/base/exit_code.hpp"
#include "vestari/base/money.hpp"
#include "vestari/base/result.hpp"
#include "vestari/event/envelope.hpp"

namespace vestari::crypto {
struct MasterSecret;
}

namespace vestari::ingest {

enum class ArchiveErrc {
    missing = 1,
    locked,
    newer_schema,
    not_an_archive,
    corrupt,
    wrong_master_key,
    other_account,
    permission,
    disk_full,
    io,
    seal_limit,
};
std::string_view describe(ArchiveErrc error) noexcept; // what was wrong and the next step
ExitCode exit_code(ArchiveErrc error) noexcept;
inline ErrorCode make_error_code(ArchiveErrc e) noexcept {
    return make_code(e, category_of<ArchiveErrc>("archive"));
}

// The machine failed while the archive was in use. Nothing of the open transaction is kept.
class StorageFailure : public std::runtime_error {
public:
    explicit StorageFailure(ArchiveErrc why);
    ArchiveErrc why() const noexcept { return why_; }

private:
    ArchiveErrc why_;
};

enum class OpenMode : std::uint8_t { existing, create_if_missing };

struct ArchiveLocation {
    std::filesystem::path
        file;            // ".../archive.db"; its directory is made with mode 0700 if it is missing
    std::string account; // configuration name
    OpenMode mode = OpenMode::existing;
    std::string vfs{}; // empty: SQLite's own; tests name a failing one
};

struct GroupEntry {
    std::string jid;
    std::string name; // empty when not known
    std::optional<Currency> currency;
    bool operator==(const GroupEntry&) const = default;
};

struct State; // database/state.hpp: for the modules of ingest/store and ingest/pipeline

class Archive {
public:
    [[nodiscard]] static Result<Archive>
    open(const ArchiveLocation& where, const crypto::MasterSecret& master, const Clock& clock);
    Archive(Archive&&) noexcept;
    Archive& operator=(Archive&&) noexcept;
    ~Archive();

    // The include-list (SETTLED section 8), in the order of the names.
    std::vector<GroupEntry> groups() const;
    std::optional<GroupEntry> group(std::string_view jid) const;
    void include(const GroupEntry& group); // adds or replaces
    bool exclude(std::string_view jid);    // false: it was not in the list

    // What the bridge is lent: session and index keys and the include-list. The receiver wipes it (wipe_keys).
    event::Keys lend_keys() const;

    std::uint64_t values_opened()
        const noexcept; // sealed values that were opened since open(): for the audit log
    std::string logical_hash()
        const; // hex SHA-256 over the opened content, whatever the order in which it came

    State& state() const noexcept { return *state_; }

private:
    explicit Archive(std::unique_ptr<State> state) noexcept;
    std::unique_ptr<State> state_;
};

void wipe_keys(event::Keys& keys) noexcept;

} // namespace vestari::ingest

template <>
struct boost::system::is_error_code_enum<vestari::ingest::ArchiveErrc> : std::true_type {};
