// vestari-bridge: the linked devices of all accounts, without an archive and without its keys.
#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "bridge/daemon/daemon.hpp"
#include "vestari/base/version.hpp"
#include "vestari/config/config.hpp"
#include "vestari/crypto/fips.hpp"
#include "vestari/service/process/harden.hpp"

namespace {

using namespace vestari;

constexpr std::uint64_t wanted_descriptors = 4096;

int say(const config::Problem& problem) {
    fmt::print(stderr, "{}:{}:{}: {}\n{}\n", problem.file, problem.line, problem.column,
               problem.what, problem.next);
    return to_int(ExitCode::configuration);
}

service::LogForm form_of(config::LogFormat format) {
    switch (format) {
    case config::LogFormat::automatic: return service::LogForm::automatic;
    case config::LogFormat::journal: return service::LogForm::journal;
    case config::LogFormat::text: return service::LogForm::text;
    case config::LogFormat::json: return service::LogForm::json;
    }
    return service::LogForm::automatic;
}

service::Level level_of(config::LogLevel level) {
    switch (level) {
    case config::LogLevel::error: return service::Level::error;
    case config::LogLevel::warning: return service::Level::warning;
    case config::LogLevel::info: return service::Level::info;
    case config::LogLevel::debug: return service::Level::debug;
    }
    return service::Level::info;
}

int run(const std::optional<std::string>& named) {
    service::harden();
    service::raise_descriptor_limit(wanted_descriptors);
    const config::Environment environment = config::Environment::of_process();
    const config::Located located = config::locate(named, environment);
    if (!located.file) {
        return say({.file = "vestari-bridge",
                    .line = 0,
                    .column = 0,
                    .what = "there is no configuration",
                    .next = "run `vestari init`, or name one with --config FILE"});
    }
    const config::Loaded<config::Config> config = config::load(*located.file, environment);
    if (!config) {
        return say(config.error());
    }
    service::Log log{{.identifier = "vestari-bridge",
                      .level = level_of(config->log_level),
                      .form = form_of(config->log_format)}};
    if (config->require_fips && !crypto::require_fips()) {
        log.error("crypto.require_fips is set and OpenSSL's FIPS provider is not active");
        return to_int(ExitCode::configuration);
    }
    const service::Notify notify = service::Notify::of_process();
    return to_int(daemon::run(*config, log, notify));
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{"Reads included WhatsApp groups as a linked device, and can say nothing there.",
                 "vestari-bridge"};
    std::optional<std::string> config;
    app.add_option("--config", config, "configuration file")->type_name("FILE");
    app.set_version_flag("--version", "vestari-bridge " + std::string{version});
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? to_int(ExitCode::ok) : to_int(ExitCode::usage);
    }
    try {
        return run(config);
    } catch (const std::exception&) { // its text may hold what a stranger wrote
        std::fputs("vestari-bridge: the machine failed in a way that nobody handles\n", stderr);
        return to_int(ExitCode::defect);
    }
}
