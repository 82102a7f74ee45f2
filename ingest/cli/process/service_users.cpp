#include "ingest/cli/process/service_users.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/cli/frame/failure.hpp"

namespace vestari::cli {
namespace {

namespace fs = std::filesystem;

constexpr mode_t config_mode = 0644;
constexpr mode_t folder_mode = 0755; // what it holds is closed

uid_t user(const char* name) {
    const passwd* found = getpwnam(name); // NOLINT(concurrency-mt-unsafe): one thread
    if (found == nullptr) {
        throw Failure{
            ExitCode::configuration,
            fmt::format("the units' user {} is not there yet: all is made, and is root's", name),
            "systemd-sysusers && systemd-tmpfiles --create, then vestari init --system"};
    }
    return found->pw_uid;
}

gid_t users_group() {
    const group* found = getgrnam("vestari"); // NOLINT(concurrency-mt-unsafe): one thread
    if (found == nullptr) {
        throw Failure{ExitCode::configuration, "the group vestari is not there yet",
                      "systemd-sysusers && systemd-tmpfiles --create, then vestari init --system"};
    }
    return found->gr_gid;
}

void give(const fs::path& path, uid_t owner, gid_t group) {
    if (::lchown(path.c_str(), owner, group) != 0 && errno != ENOENT) {
        throw Failure{ExitCode::io,
                      fmt::format("{} cannot be given to its service: {}", path.string(),
                                  std::generic_category().message(errno)),
                      "run vestari init --system as root"};
    }
}

void show_to_all(const fs::path& path, mode_t mode) {
    if (::chmod(path.c_str(), mode) != 0) {
        throw Failure{ExitCode::io,
                      fmt::format("{} cannot be made readable: {}", path.string(),
                                  std::generic_category().message(errno)),
                      "run vestari init --system as root"};
    }
}

void give_folder(const fs::path& folder, uid_t owner, gid_t group) {
    give(folder, owner, group);
    std::error_code ignored; // what goes away meanwhile needs no owner
    for (const auto& entry : fs::recursive_directory_iterator{folder, ignored}) {
        give(entry.path(), owner, group);
    }
}

} // namespace

void hand_to_services(const config::Config& config) {
    const uid_t bridge = user("vestari-bridge");
    const uid_t ingest = user("vestari-ingest");
    const gid_t group = users_group();
    show_to_all(config.file, config_mode);
    show_to_all(config.data_dir, folder_mode);
    if (config.master_key.provider == config::KeyProvider::file) {
        give(config.master_key.path, ingest, group);
    }
    give_folder(config.data_dir / "ingest", ingest, group);
    give_folder(config.data_dir / "bridge", bridge, group);
}

} // namespace vestari::cli
