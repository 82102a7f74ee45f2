// A disk that fails on purpose: an SQLite VFS around the default one that counts every write, sync and truncate of every file
// and makes one of them go wrong.
//
// Invariants  operations are numbered from 1 since arm(). Disarmed it only passes through, without the real sync, so that tests
//             of thousands of points are quick.
// Threads     one.
// Source      ASSURANCE T4 (crash points) and T5 (writes that were never synced).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace vestari::testing {

enum class DiskFault : std::uint8_t {
    none,
    io_error,  // this operation reports an error and does nothing
    disk_full, // this write, and every later one, reports a full disk
    torn,      // half of this write is done, then the process is gone: nothing works any more
    lost, // the power goes: of what was not synced a random part is on the disk, in any order, one piece torn
};

class FailingVfs {
public:
    explicit FailingVfs(const std::string& name); // registered until this is gone
    FailingVfs(const FailingVfs&) = delete;
    FailingVfs& operator=(const FailingVfs&) = delete;
    ~FailingVfs();

    const std::string& name() const noexcept { return name_; }
    void arm(DiskFault fault, std::uint64_t operation, std::uint32_t seed = 0);
    void count();  // counts and fails nothing
    void disarm(); // a new process: everything works again
    std::uint64_t operations() const noexcept { return operations_; }
    bool happened() const noexcept { return happened_; }

    struct Callbacks; // failing_vfs.cpp

private:
    struct Pending { // since the last sync of its file
        std::int64_t offset;
        std::vector<std::byte> bytes; // empty: a truncation to `offset`
    };
    struct Image {
        std::vector<std::byte> durable; // what a sync has put on the disk
        std::vector<Pending> pending;
    };

    DiskFault next_operation(); // what happens to the operation that is counted now
    void lose_power();

    std::string name_;
    std::unique_ptr<sqlite3_vfs> vfs_;
    DiskFault fault_ = DiskFault::none;
    std::uint64_t at_ = 0;
    std::uint64_t operations_ = 0;
    bool happened_ = false;
    bool dead_ = false;
    bool full_ = false;
    std::mt19937 random_;
    std::map<std::string, Image> images_; // by path; kept while armed with `lost`
};

} // namespace vestari::testing
