#include "ingest/cli/frame/home.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "vestari/base/descriptor.hpp"

namespace vestari::cli {
namespace {

namespace fs = std::filesystem;

Failure cannot_make(const fs::path& path, int error) {
    return {
        ExitCode::io,
        fmt::format("{} cannot be made: {}", path.string(), std::generic_category().message(error)),
        error == ENOSPC ? "free some space and run it again"
                        : "check the permissions of its folder, or choose another place"};
}

std::string quoted(const std::string& text) { // a TOML basic string
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            result += c;
        }
    }
    return result + '"';
}

std::string new_config(const Folders& folders) {
    return fmt::format(
        R"(# Vestari. Relative paths count from this file's folder. Every key: vestari manual | man -l -
data_dir = {}
{}
[master_key]
provider = "file"           # file | credential
path = "master.key"         # keep a copy of it elsewhere: without it nobody can read the archive

[[account]]
name = "main"
default_currency = "USD"    # of prices that name none, in groups that have none
)",
        quoted(folders.data),
        folders.runtime.empty() ? "" : fmt::format("runtime_dir = {}\n", quoted(folders.runtime)));
}

Piece make_config(const Context& context, const fs::path& file, const Folders& folders,
                  config::Config& config) {
    std::error_code ignored; // a folder that cannot be made shows in write_new_file
    fs::create_directories(file.parent_path(), ignored);
    const bool created = write_new_file(file, new_config(folders));
    config = load_config_file(context, file);
    return {"configuration", config.file, created ? Made::created : Made::kept};
}

Piece make_key(const config::Config& config) {
    const fs::path& path = config.master_key.path;
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(path, ignored))) {
        return {"master key", path, Made::kept};
    }
    for (const config::Account& account : config.accounts) {
        const fs::path archive = config.archive_file(account);
        if (fs::exists(archive, ignored)) {
            throw Failure{ExitCode::configuration,
                          fmt::format("there is an archive at {}, but its master key {} is gone",
                                      archive.string(), path.string()),
                          "restore the key from its backup: a new key cannot open the archive"};
        }
    }
    make_folder(path.parent_path());
    if (const auto made = crypto::create_master_key_file(path); !made) {
        throw Failure::about(ExitCode::io, path.string(), made.error().message());
    }
    return {"master key", path, Made::created};
}

} // namespace

bool write_new_file(const std::filesystem::path& path, std::string_view text) {
    const Descriptor file{open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (file.get() < 0) {
        if (errno == EEXIST) {
            return false;
        }
        throw cannot_make(path, errno);
    }
    while (!text.empty()) {
        const ssize_t written = write(file.get(), text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            const int error = errno;
            unlink(path.c_str());
            throw cannot_make(path, error);
        }
        text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    if (fsync(file.get()) != 0) {
        const int error = errno;
        unlink(path.c_str());
        throw cannot_make(path, error);
    }
    return true;
}

bool make_folder(const std::filesystem::path& path) {
    std::error_code error;
    const bool made = fs::create_directories(path, error); // umask 077
    if (error || !fs::is_directory(path, error)) {
        throw cannot_make(path, error ? error.value() : ENOTDIR);
    }
    return made;
}

Home make_home(const Context& context, const std::filesystem::path& config_file,
               const Folders& folders) {
    Home home;
    home.pieces.push_back(make_config(context, config_file, folders, home.config));
    const std::vector<config::Account> accounts =
        context.account_option ? std::vector<config::Account>{choose_account(context, home.config)}
                               : home.config.accounts;
    const bool made_data = make_folder(home.config.data_dir);
    make_folder(home.config.data_dir / "bridge");
    make_folder(home.config.data_dir / "ingest");
    home.pieces.push_back(
        {"data folder", home.config.data_dir, made_data ? Made::created : Made::kept});
    if (home.config.master_key.provider == config::KeyProvider::file) {
        home.pieces.push_back(make_key(home.config));
    }
    const crypto::MasterSecret master = load_master_key(home.config);
    for (const config::Account& account : accounts) {
        const fs::path archive = home.config.archive_file(account);
        std::error_code ignored;
        const bool had_archive = fs::exists(archive, ignored);
        open_archive(archive, account.name, master, context.clock,
                     ingest::OpenMode::create_if_missing);
        home.pieces.push_back({"archive", archive, had_archive ? Made::kept : Made::created});
    }
    return home;
}

} // namespace vestari::cli
