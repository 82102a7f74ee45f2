#include "ingest/cli/doctor/account.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/cli/access/running.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/terminal/width.hpp"
#include "vestari/ingest/query.hpp"

namespace vestari::cli::doctor {
namespace {

namespace fs = std::filesystem;
using terminal::grouped;

void add_failure(Report& report, std::string name, const Failure& failure) {
    add_bad(report, failure.code(),
            {std::move(name), State::bad, failure.problem(), failure.next()});
}

void examine_config_file(const config::Config& config, Report& report) {
    struct stat info{};
    const bool others_write =
        stat(config.file.c_str(), &info) == 0 && (info.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    report.findings.push_back(
        {"configuration", others_write ? State::warning : State::good,
         others_write ? fmt::format("{} can be changed by other users", config.file.string())
                      : config.file.string(),
         others_write ? fmt::format("chmod go-w {}", config.file.string()) : ""});
}

bool open_to_all(const fs::path& folder) {
    struct stat info{};
    return stat(folder.c_str(), &info) == 0 && (info.st_mode & S_IRWXO) != 0;
}

void examine_data_folder(const fs::path& data, Report& report) {
    struct stat info{};
    if (stat(data.c_str(), &info) != 0) {
        add_bad(report, ExitCode::configuration,
                {"data folder", State::bad, fmt::format("{} is not there", data.string()),
                 "create it: vestari init"});
        return;
    }
    if (!S_ISDIR(info.st_mode) || access(data.c_str(), R_OK | W_OK | X_OK) != 0) {
        add_bad(report, ExitCode::io,
                {"data folder", State::bad, fmt::format("{} cannot be used by you", data.string()),
                 "check who owns it: its files belong to the user that runs Vestari"});
        return;
    }
    // A folder of the machine's may be seen by all as long as what it holds is closed.
    const bool open_to_others =
        open_to_all(data) && (open_to_all(data / "ingest") || open_to_all(data / "bridge"));
    report.findings.push_back(
        {"data folder", open_to_others ? State::warning : State::good,
         open_to_others
             ? fmt::format("{} is open to all users (everything in it is sealed)", data.string())
             : data.string(),
         open_to_others ? fmt::format("chmod 700 {}", data.string()) : ""});
}

void examine_archive(const Context& context, const config::Config& config,
                     const config::Account& account, Report& report) {
    try {
        const auto archive = open_access(context, config, account);
        const ingest::ArchiveCounts counts = archive->count();
        const std::size_t groups = archive->groups().size();
        report.findings.push_back(
            {"archive", State::good,
             fmt::format("account \"{}\": {} deals from {} messages, {} groups included",
                         account.name, grouped(static_cast<long long>(counts.deals)),
                         grouped(static_cast<long long>(counts.messages)), groups),
             groups == 0 ? "include a group: vestari include add JID" : ""});
    } catch (const Failure& failure) {
        add_failure(report, "archive", failure);
    } catch (const ingest::StorageFailure& failure) {
        add_failure(report, "archive",
                    Failure::about(ingest::exit_code(failure.why()), "the archive",
                                   ingest::describe(failure.why())));
    }
}

// Where the units run, folder and key are their users' own: who asks them over their socket needs neither.
bool belongs_to_services(const config::Config& config) {
    struct stat info{};
    if (stat((config.data_dir / "ingest").c_str(), &info) != 0 || geteuid() == 0 ||
        info.st_uid == geteuid()) {
        return false;
    }
    try {
        return ask_running(ingest_socket(config), {service::Method::get, "/healthz", {}})
            .has_value();
    } catch (const Failure&) {
        return false;
    }
}

void examine_archives(const Context& context, const config::Config& config, Report& report) {
    const std::vector<config::Account> accounts =
        context.account_option ? std::vector{choose_account(context, config)} : config.accounts;
    for (const config::Account& account : accounts) {
        examine_archive(context, config, account, report);
    }
}

} // namespace

std::filesystem::path examine_account(const Context& context, Report& report) {
    config::Config config;
    try {
        config = load_config(context);
    } catch (const Failure& failure) {
        add_failure(report, "configuration", failure);
        return {};
    }
    examine_config_file(config, report);
    if (belongs_to_services(config)) {
        const std::string whose = config.data_dir.string() + " is the services' own";
        report.findings.push_back({"data folder", State::good, whose});
        report.findings.push_back({"master key", State::good, "vestari-ingest holds it"});
        examine_archives(context, config, report);
        return config.data_dir;
    }
    examine_data_folder(config.data_dir, report);
    try {
        const crypto::MasterSecret master = load_master_key(config);
        report.findings.push_back(
            {"master key", State::good,
             fmt::format("\"{}\", 32 bytes, readable by you alone", master.id)});
        examine_archives(context, config, report);
    } catch (const Failure& failure) {
        add_failure(report, "master key", failure);
    }
    return config.data_dir;
}

} // namespace vestari::cli::doctor
