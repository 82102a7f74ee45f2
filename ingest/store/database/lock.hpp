// The lock that makes an archive have one writer: a file beside it, held by flock for as long as this lives.
//
// The kernel gives it back when the process ends, however it ends; the file itself stays, empty.
// Errors      ArchiveErrc::locked when another process holds it; permission, disk_full, io.
// Threads     one owner.
#pragma once

#include <filesystem>
#include <utility>

#include "ingest/store/archive.hpp"
#include "vestari/base/result.hpp"

namespace vestari::ingest {

class FileLock {
public:
    [[nodiscard]] static Result<FileLock> take(const std::filesystem::path& file);
    FileLock(FileLock&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
    FileLock(const FileLock&) = delete;
    FileLock& operator=(FileLock&&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock();

private:
    explicit FileLock(int descriptor) noexcept : descriptor_{descriptor} {}
    int descriptor_;
};

// Makes the directory (0700) and the empty file (0600) where they are missing, and takes others' access away from them.
[[nodiscard]] Result<> make_private(const std::filesystem::path& file, OpenMode mode);

} // namespace vestari::ingest
