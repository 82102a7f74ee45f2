#include "ingest/cli/frame/open.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ingest/cli/access/running.hpp"
#include "vestari/crypto/fips.hpp"

namespace vestari::cli {
namespace {

Failure key_failure(const config::MasterKey& key, const ErrorCode& error) {
    const bool is_file = key.provider == config::KeyProvider::file;
    const std::string thing =
        is_file ? key.path.string() : fmt::format("credential \"{}\"", key.credential);
    if (is_file && error == crypto::CryptoErrc::key_file_missing) {
        return {ExitCode::configuration, fmt::format("there is no master key at {}", thing),
                "restore it from its backup; for a new archive, create one: vestari init"};
    }
    if (is_file && error == crypto::CryptoErrc::key_file_readable_by_others) {
        return {ExitCode::configuration,
                fmt::format("the master key {} is open to other users", thing),
                fmt::format("chmod 600 {}; think about who may have read it", thing)};
    }
    return Failure::about(ExitCode::configuration, thing, error.message());
}

} // namespace

Failure config_failure(const config::Problem& problem) {
    const std::string place =
        problem.line == 0 ? problem.file
                          : fmt::format("{}:{}:{}", problem.file, problem.line, problem.column);
    return {ExitCode::configuration, place + ": " + problem.what, problem.next};
}

config::Config load_config_file(const Context& context, const std::filesystem::path& file) {
    auto config = config::load(file, context.environment);
    if (!config) {
        throw config_failure(config.error());
    }
    if (config->require_fips) {
        if (const auto approved = crypto::require_fips(); !approved) {
            throw Failure::about(ExitCode::configuration, file.string(),
                                 approved.error().message());
        }
    }
    return *std::move(config);
}

config::Config load_config(const Context& context) {
    const config::Located located = config::locate(context.config_option, context.environment);
    if (!located.file) {
        std::vector<std::string> looked_at;
        looked_at.reserve(located.looked_at.size());
        for (const auto& path : located.looked_at) {
            looked_at.push_back(path.string());
        }
        throw Failure{
            ExitCode::configuration,
            fmt::format("there is no configuration: looked at {}", fmt::join(looked_at, ", ")),
            "create one: vestari init"};
    }
    return load_config_file(context, *located.file);
}

const config::Account& choose_account(const Context& context, const config::Config& config) {
    const std::string name = context.account_option.value_or("");
    if (const config::Account* account = config.account(name)) {
        return *account;
    }
    std::vector<std::string> names;
    names.reserve(config.accounts.size());
    for (const config::Account& account : config.accounts) {
        names.push_back(account.name);
    }
    throw Failure{ExitCode::usage,
                  name.empty()
                      ? fmt::format("there is more than one account: {}", fmt::join(names, ", "))
                      : fmt::format("there is no account \"{}\" in {}", name, config.file.string()),
                  name.empty() ? "choose one with --account NAME"
                               : fmt::format("it names: {}", fmt::join(names, ", "))};
}

crypto::MasterSecret load_master_key(const config::Config& config) {
    const config::MasterKey& key = config.master_key;
    Result<crypto::MasterSecret> master = ErrorCode{};
    switch (key.provider) {
    case config::KeyProvider::file: master = crypto::FileProvider{key.path}.load(); break;
    case config::KeyProvider::credential:
        master = crypto::CredentialProvider{key.credential}.load();
        break;
    case config::KeyProvider::aws:
        throw Failure{ExitCode::configuration,
                      "master_key.provider is \"aws\", which this build does not have",
                      "set master_key.provider to \"credential\" or \"file\""};
    }
    if (!master) {
        throw key_failure(key, master.error());
    }
    return *std::move(master);
}

ingest::Archive open_archive(const std::filesystem::path& file, const std::string& account,
                             const crypto::MasterSecret& master, const Clock& clock,
                             ingest::OpenMode mode) {
    auto archive = ingest::Archive::open({file, account, mode}, master, clock);
    if (!archive) {
        const ErrorCode error = archive.error();
        const bool ours =
            error.category() == ingest::make_error_code(ingest::ArchiveErrc::io).category();
        throw Failure::about(
            ours ? ingest::exit_code(static_cast<ingest::ArchiveErrc>(error.value()))
                 : ExitCode::io,
            file.string(), error.message());
    }
    return *std::move(archive);
}

std::unique_ptr<Access> open_access(const Context& context, const config::Config& config,
                                    const config::Account& account) {
    if (auto running = running_access(config, account)) {
        return running;
    }
    const crypto::MasterSecret master = load_master_key(config);
    return local_access(open_archive(config.archive_file(account), account.name, master,
                                     context.clock, ingest::OpenMode::existing));
}

Opened open_account(const Context& context) {
    config::Config config = load_config(context);
    config::Account account = choose_account(context, config);
    auto archive = open_access(context, config, account);
    return {std::move(config), std::move(account), std::move(archive)};
}

} // namespace vestari::cli
