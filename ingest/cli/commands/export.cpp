// `vestari export`: everything that the account holds, as CSV or JSON.
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/terminal/width.hpp"
#include "ingest/export/export.hpp"

namespace vestari::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* partly_written =
    "what was written is not complete: send it elsewhere and run it again";
constexpr const char* nothing_left = "nothing was left behind: choose another place with --output";

struct Options {
    std::optional<std::string> format;
    std::optional<std::string> output;
};

struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

// A device or a pipe is written to; renaming a file over it would take its place.
bool is_special(const fs::path& path) {
    std::error_code ignored;
    const fs::file_status there = fs::status(path, ignored);
    return fs::exists(there) && !fs::is_regular_file(there) && !fs::is_directory(there);
}

Failure cannot_write(const fs::path& path) {
    return {ExitCode::io,
            fmt::format("{} cannot be written: {}", path.string(),
                        std::generic_category().message(errno)),
            "choose another place with --output"};
}

// A file that appears whole under its name, or not at all.
class NewFile {
public:
    explicit NewFile(fs::path path) : path_{std::move(path)}, part_{path_.string() + ".part"} {
        unlink(part_.c_str());
        file_.reset(std::fopen(part_.c_str(), "wxe"));
        if (!file_) {
            throw cannot_write(path_);
        }
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile() {
        if (!kept_) {
            unlink(part_.c_str());
        }
    }

    std::FILE* get() const { return file_.get(); }
    void keep() {
        if (fsync(fileno(file_.get())) != 0) { // some disks are found full no earlier
            throw cannot_write(path_);
        }
        file_.reset();
        if (std::rename(part_.c_str(), path_.c_str()) != 0) {
            throw cannot_write(path_);
        }
        kept_ = true;
    }

private:
    fs::path path_;
    fs::path part_;
    std::unique_ptr<std::FILE, Close> file_;
    bool kept_ = false;
};

std::size_t write_all(const Options& options, Access& archive, std::FILE* to,
                      const std::string& name, const char* when_it_fails) {
    ingest::FileSink sink{to};
    ingest::DealFilter everything;
    everything.history = ingest::History::everything;
    const auto written = archive.export_deals(*options.format == "csv" ? ingest::ExportFormat::csv
                                                                       : ingest::ExportFormat::json,
                                              everything, sink);
    if (written) {
        return *written;
    }
    if (written.error() == ingest::ExportErrc::closed_pipe) {
        throw Failure{ExitCode::ok, {}};
    }
    const Failure failure = Failure::about(ExitCode::io, name, written.error().message());
    throw Failure{ExitCode::io, failure.problem(), when_it_fails};
}

ExitCode run(const Options& options, Context& context) {
    const Opened opened = open_account(context);
    if (!options.output || *options.output == "-") {
        write_all(options, *opened.archive, stdout, "the output", partly_written);
        return ExitCode::ok;
    }
    if (is_special(*options.output)) {
        const std::unique_ptr<std::FILE, Close> to{std::fopen(options.output->c_str(), "we")};
        if (!to) {
            throw cannot_write(*options.output);
        }
        write_all(options, *opened.archive, to.get(), *options.output, partly_written);
        return ExitCode::ok;
    }
    NewFile file{*options.output};
    const std::size_t deals =
        write_all(options, *opened.archive, file.get(), *options.output, nothing_left);
    file.keep();
    context.say(fmt::format("{} deals in {}. The file is readable by you alone, and not sealed",
                            terminal::grouped(static_cast<long long>(deals)), *options.output));
    return ExitCode::ok;
}

} // namespace

Command export_command() {
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "export";
    command.summary = "writes everything that the account holds, opened";
    command.description = "CSV by RFC 4180, safe to open in a spreadsheet; JSON as a list of deals "
                          "with their history. Without "
                          "--output it goes to stdout.";
    command.parameters = {{"--format",
                           "FORMAT",
                           "csv or json",
                           &options->format,
                           Takes::text,
                           Need::required,
                           {"csv", "json"}},
                          {"--output", "FILE", "the file to write; replaced when it is complete",
                           &options->output, Takes::file}};
    command.examples = {{"vestari export --format csv --output deals.csv", "for a spreadsheet"},
                        {"vestari export --format json | jq length", "for a script"}};
    command.run = [options](Context& context) { return run(*options, context); };
    return command;
}

} // namespace vestari::cli
