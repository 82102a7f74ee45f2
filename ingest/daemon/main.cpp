// vestari-ingest --config FILE: the process that holds the archive.
#include <cstring>
#include <new>
#include <system_error>

#include <fmt/format.h>

#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/daemon/daemon.hpp"
#include "vestari/base/version.hpp"
#include "vestari/service/process/harden.hpp"

namespace {

using vestari::ExitCode;
using vestari::cli::Failure;

constexpr const char* usage =
    "usage: vestari-ingest [--config FILE]\n\n"
    "Keeps the archive: takes what vestari-bridge reads, answers the commands on ingest.sock.\n"
    "`vestari up` starts both; with systemd they are units.\n";

ExitCode run(int argc, char** argv) {
    const vestari::SystemClock clock;
    vestari::cli::Context context{vestari::config::Environment::of_process(), clock};
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--help") == 0) {
            fmt::print("{}", usage);
            return ExitCode::ok;
        }
        if (std::strcmp(argv[i], "--version") == 0) {
            fmt::print("vestari-ingest {}\n", vestari::version);
            return ExitCode::ok;
        }
        if (std::strcmp(argv[i], "--config") != 0 || i + 1 == argc) {
            throw Failure{ExitCode::usage, fmt::format("\"{}\" is not understood", argv[i]),
                          "vestari-ingest --config FILE"};
        }
        context.config_option = argv[++i];
    }
    vestari::ingest::daemon::Daemon{vestari::cli::load_config(context), clock}.run();
    return ExitCode::ok;
}

void report(std::string_view problem, std::string_view next) {
    fmt::print(stderr, "vestari-ingest: {}\n", vestari::terminal::one_line(problem));
    if (!next.empty()) {
        fmt::print(stderr, "   next: {}\n", vestari::terminal::one_line(next));
    }
}

} // namespace

int main(int argc, char** argv) {
    vestari::service::harden();
    try {
        return to_int(run(argc, argv));
    } catch (const Failure& failure) {
        report(failure.problem(), failure.next());
        return to_int(failure.code());
    } catch (const std::bad_alloc&) {
        report("there is not enough memory", "close other programs and start it again");
        return to_int(ExitCode::try_again);
    } catch (const std::system_error& error) {
        report(error.what(), "vestari doctor checks this machine");
        return to_int(ExitCode::io);
    } catch (const std::exception& error) {
        report(error.what(), "this is a defect of Vestari: please report it");
        return to_int(ExitCode::defect);
    }
}
