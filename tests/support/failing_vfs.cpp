#include "tests/support/failing_vfs.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <new>
#include <span>

#include <sqlite3.h>

namespace vestari::testing {
namespace {

struct File { // the real file's struct follows this one in memory
    sqlite3_file base;
    FailingVfs* owner;
    std::string* path; // owned; null for a temporary file
};

constexpr std::size_t header = (sizeof(File) + 15) / 16 * 16;

sqlite3_file* real(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + header);
}

std::vector<std::byte> read_whole(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    std::vector<std::byte> bytes(text.size());
    std::ranges::copy(std::as_bytes(std::span{text}), bytes.begin());
    return bytes;
}

} // namespace

struct FailingVfs::Callbacks {
    static FailingVfs& self(sqlite3_vfs* vfs) { return *static_cast<FailingVfs*>(vfs->pAppData); }
    static FailingVfs& self(sqlite3_file* file) { return *reinterpret_cast<File*>(file)->owner; }
    static sqlite3_vfs* under() { return sqlite3_vfs_find(nullptr); }

    static Image* image(sqlite3_file* file) {
        FailingVfs& vfs = self(file);
        const std::string* path = reinterpret_cast<File*>(file)->path;
        if (vfs.fault_ != DiskFault::lost || path == nullptr) {
            return nullptr;
        }
        const auto [kept, fresh] = vfs.images_.try_emplace(*path);
        if (fresh) {
            kept->second.durable = read_whole(*path); // what came before arm() counts as synced
        }
        return &kept->second;
    }

    static int close(sqlite3_file* file) noexcept {
        const int rc = real(file)->pMethods->xClose(real(file));
        delete reinterpret_cast<File*>(file)->path;
        return rc;
    }
    static int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) noexcept {
        return self(file).dead_ ? SQLITE_IOERR_READ
                                : real(file)->pMethods->xRead(real(file), to, size, at);
    }
    static int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) noexcept {
        FailingVfs& vfs = self(file);
        const auto* methods = real(file)->pMethods;
        switch (vfs.next_operation()) {
        case DiskFault::io_error: return SQLITE_IOERR_WRITE;
        case DiskFault::disk_full: return SQLITE_FULL;
        case DiskFault::torn:
            if (!vfs.dead_) {
                methods->xWrite(real(file), from, size / 2, at);
                vfs.dead_ = true;
            }
            return SQLITE_IOERR_WRITE;
        case DiskFault::lost: vfs.lose_power(); return SQLITE_IOERR_WRITE;
        case DiskFault::none: break;
        }
        if (Image* kept = image(file)) {
            const auto* bytes = static_cast<const std::byte*>(from);
            kept->pending.push_back({at, {bytes, bytes + size}});
        }
        return methods->xWrite(real(file), from, size, at);
    }
    static int truncate(sqlite3_file* file, sqlite3_int64 size) noexcept {
        FailingVfs& vfs = self(file);
        const DiskFault fault = vfs.next_operation();
        if (fault == DiskFault::lost) {
            vfs.lose_power();
        }
        if (fault != DiskFault::none && fault != DiskFault::disk_full) {
            vfs.dead_ = vfs.dead_ || fault == DiskFault::torn;
            return SQLITE_IOERR_TRUNCATE;
        }
        if (Image* kept = image(file)) {
            kept->pending.push_back({size, {}});
        }
        return real(file)->pMethods->xTruncate(real(file), size);
    }
    static int sync(sqlite3_file* file, int) noexcept {
        FailingVfs& vfs = self(file);
        const DiskFault fault = vfs.next_operation();
        if (fault == DiskFault::lost) {
            vfs.lose_power();
        }
        if (fault != DiskFault::none && fault != DiskFault::disk_full) {
            vfs.dead_ = vfs.dead_ || fault == DiskFault::torn;
            return SQLITE_IOERR_FSYNC;
        }
        if (Image* kept = image(file)) {
            kept->durable = read_whole(*reinterpret_cast<File*>(file)->path);
            kept->pending.clear();
        }
        return SQLITE_OK; // other processes see it; nobody pulls the plug here
    }
    static int file_size(sqlite3_file* file, sqlite3_int64* size) noexcept {
        return self(file).dead_ ? SQLITE_IOERR_FSTAT
                                : real(file)->pMethods->xFileSize(real(file), size);
    }
    static int lock(sqlite3_file* file, int level) noexcept {
        return real(file)->pMethods->xLock(real(file), level);
    }
    static int unlock(sqlite3_file* file, int level) noexcept {
        return real(file)->pMethods->xUnlock(real(file), level);
    }
    static int check_lock(sqlite3_file* file, int* held) noexcept {
        return real(file)->pMethods->xCheckReservedLock(real(file), held);
    }
    static int control(sqlite3_file* file, int what, void* argument) noexcept {
        return real(file)->pMethods->xFileControl(real(file), what, argument);
    }
    static int sector_size(sqlite3_file* file) noexcept {
        return real(file)->pMethods->xSectorSize(real(file));
    }
    static int characteristics(sqlite3_file*) noexcept { return 0; } // promises nothing

    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
                    int* opened) noexcept {
        static const sqlite3_io_methods methods = {
            1,       close,      read,    write,       truncate,        sync,    file_size, lock,
            unlock,  check_lock, control, sector_size, characteristics, nullptr, nullptr,   nullptr,
            nullptr, nullptr,    nullptr};
        file->pMethods = nullptr;
        if (self(vfs).dead_) {
            return SQLITE_CANTOPEN;
        }
        const int rc = under()->xOpen(under(), name, real(file), flags, opened);
        if (rc != SQLITE_OK) {
            return rc;
        }
        File* own = new (static_cast<void*>(file)) File{};
        own->base.pMethods = &methods;
        own->owner = &self(vfs);
        own->path = name == nullptr ? nullptr : new std::string{name};
        return SQLITE_OK;
    }
    static int remove(sqlite3_vfs* vfs, const char* name, int sync_directory) noexcept {
        return self(vfs).dead_ ? SQLITE_IOERR_DELETE
                               : under()->xDelete(under(), name, sync_directory);
    }
    static int access(sqlite3_vfs* vfs, const char* name, int what, int* result) noexcept {
        return self(vfs).dead_ ? SQLITE_IOERR_ACCESS
                               : under()->xAccess(under(), name, what, result);
    }
};

FailingVfs::FailingVfs(const std::string& name) : name_{name} {
    sqlite3_initialize();
    vfs_ = std::make_unique<sqlite3_vfs>(*Callbacks::under());
    vfs_->zName = name_.c_str();
    vfs_->pAppData = this;
    vfs_->szOsFile += static_cast<int>(header);
    vfs_->pNext = nullptr;
    vfs_->xOpen = Callbacks::open;
    vfs_->xDelete = Callbacks::remove;
    vfs_->xAccess = Callbacks::access;
    sqlite3_vfs_register(vfs_.get(), 0);
}

FailingVfs::~FailingVfs() { sqlite3_vfs_unregister(vfs_.get()); }

void FailingVfs::arm(DiskFault fault, std::uint64_t operation, std::uint32_t seed) {
    disarm();
    fault_ = fault;
    at_ = operation;
    random_.seed(seed);
}

void FailingVfs::count() { arm(DiskFault::none, 0); }

void FailingVfs::disarm() {
    fault_ = DiskFault::none;
    operations_ = 0;
    happened_ = dead_ = full_ = false;
    images_.clear();
}

DiskFault FailingVfs::next_operation() {
    ++operations_;
    if (dead_) {
        return DiskFault::torn;
    }
    if (full_) {
        return DiskFault::disk_full;
    }
    if (fault_ == DiskFault::none || operations_ != at_) {
        return DiskFault::none;
    }
    happened_ = true;
    full_ = fault_ == DiskFault::disk_full;
    return fault_;
}

void FailingVfs::lose_power() {
    dead_ = true;
    for (auto& [path, image] : images_) {
        std::vector<Pending> survivors;
        std::ranges::copy_if(image.pending, std::back_inserter(survivors),
                             [this](const Pending&) { return random_() % 2 == 0; });
        std::ranges::shuffle(survivors, random_);
        std::vector<std::byte> bytes = image.durable;
        for (std::size_t i = 0; i < survivors.size(); ++i) {
            Pending& one = survivors[i];
            const auto offset = static_cast<std::size_t>(one.offset);
            if (one.bytes.empty()) {
                bytes.resize(offset);
                continue;
            }
            if (i + 1 == survivors.size()) {
                one.bytes.resize(random_() % one.bytes.size() + 1); // torn
            }
            bytes.resize(std::max(bytes.size(), offset + one.bytes.size()));
            std::ranges::copy(one.bytes, bytes.begin() + static_cast<std::ptrdiff_t>(offset));
        }
        std::ofstream out{path, std::ios::binary | std::ios::trunc};
        out.write(reinterpret_cast<const char*>(bytes.data()),
                  static_cast<std::streamsize>(bytes.size()));
    }
}

} // namespace vestari::testing
