#include "ingest/cli/doctor/machine.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "ingest/cli/process/children.hpp"
#include "ingest/export/json_text.hpp"
#include "vestari/base/version.hpp"
#include "vestari/parser/parser.hpp"

namespace vestari::cli::doctor {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::uint64_t mebibyte = 1U << 20U;
constexpr std::uint64_t least_disk = 64 * mebibyte; // below it SQLite's log may not fit
constexpr std::uint64_t low_disk = 1024 * mebibyte; // a spool may grow to this
constexpr std::uint64_t least_locked = 64U << 10U;  // the keys' arena
// No build of this program is older than this day: a clock before it is wrong.
constexpr TimePoint first_possible_day = std::chrono::sys_days{std::chrono::year{2025} / 1 / 1};

void examine_clock(const Context& context, Report& report) {
    const TimePoint now = context.clock.now();
    if (now < first_possible_day) {
        add_bad(report, ExitCode::configuration,
                {"clock", State::bad, fmt::format("the clock says {}", ingest::rfc3339(now)),
                 "set the clock: deal dates and key rotation depend on it"});
        return;
    }
    timex status{};
    const bool unsynchronised = ntp_adjtime(&status) == TIME_ERROR;
    report.findings.push_back(
        {"clock", unsynchronised ? State::note : State::good,
         fmt::format("{}{}", ingest::rfc3339(std::chrono::floor<std::chrono::seconds>(now)),
                     unsynchronised ? ", not known to be synchronised" : ", synchronised"),
         unsynchronised ? "on a machine of your own: timedatectl set-ntp true" : ""});
}

void examine_disk(const fs::path& data, Report& report) {
    struct statvfs space{};
    if (data.empty() || statvfs(data.c_str(), &space) != 0) {
        return; // without a data folder there is nothing to measure; that is said already
    }
    const std::uint64_t free = std::uint64_t{space.f_bavail} * space.f_frsize;
    const std::string text =
        free >= low_disk
            ? fmt::format("{:.1f} GiB free", static_cast<double>(free) / (1024.0 * mebibyte))
            : fmt::format("{} MiB free", free / mebibyte);
    if (free < least_disk) {
        add_bad(report, ExitCode::io,
                {"disk", State::bad, text, "free some space: nothing more can be stored safely"});
        return;
    }
    report.findings.push_back({"disk", free < low_disk ? State::warning : State::good, text,
                               free < low_disk ? "free some space before it runs out" : ""});
}

void examine_memory(Report& report) {
    rlimit limit{};
    const bool enough = getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
                        limit.rlim_cur >= least_locked;
    if (enough) {
        report.findings.push_back(
            {"key memory", State::good, "keys stay in memory that is never swapped out"});
        return;
    }
    add_bad(report, ExitCode::configuration,
            {"key memory", State::bad,
             fmt::format("only {} bytes of memory can be locked", limit.rlim_cur),
             "raise the limit: ulimit -l 64, or LimitMEMLOCK= in the unit"});
}

void examine_programs(Report& report) {
    for (const char* program : {"vestari-bridge", "vestari-ingest", "vestari-replay"}) {
        const fs::path path = beside_us(program);
        if (access(path.c_str(), X_OK) != 0) {
            report.findings.push_back(
                {"programs", State::warning,
                 fmt::format("{} is not beside this program ({})", program, path.string()),
                 fmt::format("install it there: vestari {} needs it",
                             std::string_view{program} == "vestari-replay" ? "replay" : "up")});
            return;
        }
    }
    report.findings.push_back(
        {"programs", State::good,
         fmt::format("vestari-bridge, vestari-ingest and vestari-replay in {}",
                     beside_us("").parent_path().string())});
}

} // namespace

void examine_machine(const Context& context, const fs::path& data, Report& report) {
    examine_clock(context, report);
    examine_disk(data, report);
    examine_memory(report);
    examine_programs(report);
    report.findings.push_back(
        {"versions", State::good,
         fmt::format("vestari {}, parser {}, OpenSSL {}, SQLite {}", version,
                     parser::parser_version, OpenSSL_version(OPENSSL_VERSION_STRING),
                     sqlite3_libversion())});
}

} // namespace vestari::cli::doctor
