#include "ingest/store/database/lock.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace vestari::ingest {
namespace {

ArchiveErrc reason(int error) noexcept {
    switch (error) {
    case EWOULDBLOCK: return ArchiveErrc::locked;
    case ENOSPC:
    case EDQUOT: return ArchiveErrc::disk_full;
    case EACCES:
    case EPERM:
    case EROFS: return ArchiveErrc::permission;
    case ENOENT:
    case ENOTDIR: return ArchiveErrc::missing;
    default: return ArchiveErrc::io;
    }
}

constexpr mode_t owner_only = 0600;

Result<> make_directory(const std::filesystem::path& directory) {
    struct stat found{};
    if (::stat(directory.c_str(), &found) == 0) {
        return {};
    }
    std::error_code failed;
    if (directory.has_parent_path() && directory.parent_path() != directory) {
        std::filesystem::create_directories(directory.parent_path(), failed);
    }
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
        return reason(errno);
    }
    return {};
}

} // namespace

Result<FileLock> FileLock::take(const std::filesystem::path& file) {
    Descriptor lock{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, owner_only)};
    if (lock.get() < 0 || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        return reason(errno);
    }
    return FileLock{std::move(lock)};
}

Result<> make_private(const std::filesystem::path& file, OpenMode mode) {
    struct stat found{};
    const bool there = ::stat(file.c_str(), &found) == 0;
    if (!there && mode == OpenMode::existing) {
        return reason(errno);
    }
    if (there && !S_ISREG(found.st_mode)) {
        return ArchiveErrc::not_an_archive;
    }
    const std::filesystem::path directory = file.has_parent_path() ? file.parent_path() : ".";
    if (const Result<> made = make_directory(directory); !made) {
        return made.error();
    }
    const Descriptor open{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only)};
    if (open.get() < 0) {
        return reason(errno);
    }
    if (there && (found.st_mode & 077U) != 0 && ::fchmod(open.get(), owner_only) != 0) {
        return reason(errno);
    }
    return {};
}

} // namespace vestari::ingest
