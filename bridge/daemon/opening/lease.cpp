#include "bridge/daemon/opening/lease.hpp"

#include <cerrno>

#include <boost/system/system_error.hpp>
#include <fcntl.h>
#include <sys/file.h>

#include "bridge/store/lease_epoch.hpp"

namespace vestari::daemon {

std::string_view describe(LeaseErrc error) noexcept {
    switch (error) {
    case LeaseErrc::held_elsewhere:
        return "another process runs this account: stop it, or wait until it has ended";
    case LeaseErrc::stale_epoch:
        return "the keys came with a lease that a later one has replaced: restart vestari-ingest";
    case LeaseErrc::cannot_lock:
        return "the lock file beside the session database cannot be made: check its folder";
    }
    return "unknown lease error";
}

Result<LeaseLock> LeaseLock::take(const std::filesystem::path& session_file) {
    const std::string name = session_file.native() + ".lease";
    Descriptor file{::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!file) {
        return LeaseErrc::cannot_lock;
    }
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? LeaseErrc::held_elsewhere : LeaseErrc::cannot_lock;
    }
    return LeaseLock{std::move(file)};
}

Result<std::unique_ptr<FileLease>> FileLease::take(LeaseLock lock, store::SessionDatabase& database,
                                                   std::uint64_t handed) {
    store::Transaction transaction{database};
    const std::uint64_t before = store::lease_epoch(database);
    if (handed != 0 && handed < before) {
        return LeaseErrc::stale_epoch;
    }
    const std::uint64_t epoch = handed != 0 ? handed : before + 1;
    store::set_lease_epoch(database, epoch);
    transaction.commit();
    return std::unique_ptr<FileLease>{new FileLease{std::move(lock), database, epoch}};
}

FileLease::FileLease(LeaseLock lock, store::SessionDatabase& database, std::uint64_t epoch)
    : lock_{std::move(lock)}, database_{database}, epoch_{epoch} {
    database_.set_fence([this] { check(); });
}

FileLease::~FileLease() { database_.set_fence({}); }

void FileLease::check() {
    if (held_ && store::lease_epoch(database_) == epoch_) {
        return;
    }
    held_ = false;
    throw boost::system::system_error{make_error_code(store::StoreErrc::lost_lease)};
}

} // namespace vestari::daemon
