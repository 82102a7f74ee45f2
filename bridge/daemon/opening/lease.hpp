// The lease of one machine: a lock file beside the session database, and an epoch inside it.
//
// Invariants  at most one process has the account; the lock goes with the process, however it ends. Each taking has a higher epoch than
//             the one before, and every transaction on the database checks, before it commits, that the epoch is still ours: who
//             has lost the lease can write nothing any more.
// Threads     the account's strand.
// Errors      LeaseErrc from take; StoreErrc::lost_lease out of a commit, and held() is false from then on.
// Source      DESIGN 8.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "bridge/live/outside.hpp"
#include "bridge/store/session_database.hpp"
#include "vestari/base/descriptor.hpp"

namespace vestari::daemon {

enum class LeaseErrc { held_elsewhere = 1, stale_epoch, cannot_lock };
std::string_view describe(LeaseErrc error) noexcept;
inline ErrorCode make_error_code(LeaseErrc e) noexcept {
    return make_code(e, category_of<LeaseErrc>("lease"));
}

// The lock file; taken before the database is opened.
class LeaseLock {
public:
    [[nodiscard]] static Result<LeaseLock> take(const std::filesystem::path& session_file);

private:
    explicit LeaseLock(Descriptor file) noexcept : file_{std::move(file)} {}
    Descriptor file_;
};

class FileLease final : public live::Lease {
public:
    // `handed`: the epoch that came with the keys; 0: this machine counts by itself. Outlived by the database.
    [[nodiscard]] static Result<std::unique_ptr<FileLease>>
    take(LeaseLock lock, store::SessionDatabase& database, std::uint64_t handed);
    ~FileLease() override;

    bool held() const noexcept override { return held_; }
    std::uint64_t epoch() const noexcept { return epoch_; }

private:
    FileLease(LeaseLock lock, store::SessionDatabase& database, std::uint64_t epoch);
    void check();

    LeaseLock lock_;
    store::SessionDatabase& database_;
    std::uint64_t epoch_;
    bool held_ = true;
};

} // namespace vestari::daemon

template <>
struct boost::system::is_error_code_enum<vestari::daemon::LeaseErrc> : std::true_type {};
