#include "ingest/cli/doctor/daemons.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/cli/access/running.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/view/house.hpp"
#include "vestari/base/version.hpp"

namespace vestari::cli::doctor {
namespace {

namespace fs = std::filesystem;

void examine_runtime_folder(const fs::path& folder, Report& report) {
    struct stat info{};
    if (stat(folder.c_str(), &info) != 0) {
        report.findings.push_back({"runtime folder", State::note,
                                   fmt::format("{} is not there yet", folder.string()),
                                   "vestari up makes it"});
        return;
    }
    if (!S_ISDIR(info.st_mode) || access(folder.c_str(), X_OK) != 0) {
        add_bad(report, ExitCode::io,
                {"runtime folder", State::bad,
                 fmt::format("{} cannot be used by you", folder.string()),
                 "join the group vestari, or set runtime_dir to a folder of your own"});
        return;
    }
    const bool others_write = (info.st_mode & S_IWOTH) != 0;
    report.findings.push_back({"runtime folder", others_write ? State::warning : State::good,
                               others_write
                                   ? fmt::format("{} can be changed by all users", folder.string())
                                   : folder.string(),
                               others_write ? fmt::format("chmod o-w {}", folder.string()) : ""});
}

// The status that a daemon gives; empty: it does not run, or does not answer, which is a finding.
std::string examine_daemon(const char* program, const fs::path& socket, Report& report) {
    try {
        const auto response = ask_running(socket, {service::Method::get, "/v1/status", {}});
        if (!response) {
            report.findings.push_back(
                {program, State::note, "not running", "start both: vestari up, or their units"});
            return {};
        }
        const std::string its = version_in(response->body);
        const bool same = its == version;
        report.findings.push_back({program, same ? State::good : State::warning,
                                   same ? fmt::format("running, {}", socket.string())
                                        : fmt::format("version {} runs, this command is {}",
                                                      its.empty() ? "unknown" : its, version),
                                   same ? "" : "restart it after an update"});
        return response->body;
    } catch (const Failure& failure) {
        add_bad(report, failure.code(), {program, State::bad, failure.problem(), failure.next()});
        return {};
    }
}

void examine_account(const config::Account& account, const std::string& bridge,
                     const std::string& ingest, Report& report) {
    const HouseAccount house = put_together(account.name, bridge, ingest);
    const std::string name = fmt::format("account \"{}\"", account.name);
    report.findings.push_back({"pipe", house.pipe == "connected" ? State::good : State::warning,
                               house.pipe == "connected"
                                   ? name + ": what the bridge reads reaches the archive"
                                   : name + ": ingest is not connected to the bridge",
                               house.pipe == "connected" ? "" : "look at what both of them log"});
    const bool well = house.state == "connected";
    report.findings.push_back({"connection", well ? State::good : State::note,
                               fmt::format("{}: {}{}", name, house.state,
                                           house.why.empty() || well ? "" : ", " + house.why),
                               well ? "" : "vestari status says more"});
}

} // namespace

std::string version_in(const std::string& status) {
    boost::system::error_code wrong;
    const boost::json::value value = boost::json::parse(status, wrong);
    const auto* object = wrong ? nullptr : value.if_object();
    const auto* its = object == nullptr ? nullptr : object->if_contains("version");
    return its != nullptr && its->is_string() ? std::string{its->get_string()} : std::string{};
}

void examine_daemons(const Context& context, Report& report) {
    config::Config config;
    try {
        config = load_config(context);
    } catch (const Failure&) {
        return; // that is said already
    }
    examine_runtime_folder(config.runtime_dir, report);
    const std::string bridge = examine_daemon("vestari-bridge", bridge_socket(config), report);
    const std::string ingest = examine_daemon("vestari-ingest", ingest_socket(config), report);
    if (bridge.empty() || ingest.empty()) {
        return;
    }
    for (const config::Account& account : config.accounts) {
        examine_account(account, bridge, ingest, report);
    }
}

} // namespace vestari::cli::doctor
