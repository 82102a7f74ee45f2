// The lock that makes an archive have one writer: a file beside it, held by flock for as long as this lives.
//
// The kernel gives it back when the process ends, however it ends; the file itself stays, empty.
// Errors      ArchiveErrc::locked when another process holds it; permission, disk_full, io.
// Threads     one owner.
#pragma once

#include <filesystem>
#include <utility>

#include "vestari/base/descriptor.hpp"
#include "vestari/base/result.hpp"
#include "vestari/ingest/archive.hpp"

namespace vestari::ingest {

class FileLock {
public:
    [[nodiscard]] static Result<FileLock> take(const std::filesystem::path& file);

private:
    explicit FileLock(Descriptor lock) noexcept : lock_{std::move(lock)} {}
    Descriptor lock_; // closing it gives the lock back
};

// Makes the directory (0700) and the empty file (0600) where they are missing, and takes others' access away from them.
[[nodiscard]] Result<> make_private(const std::filesystem::path& file, OpenMode mode);

} // namespace vestari::ingest
