#include "ingest/cli/frame/context.hpp"

#include <cerrno>
#include <cstdio>

#include <fmt/format.h>

#include "ingest/cli/frame/failure.hpp"
#include "ingest/cli/terminal/sanitise.hpp"

namespace vestari::cli {
namespace {

[[noreturn]] void output_failed() {
    if (errno == EPIPE) {
        throw Failure{ExitCode::ok, {}};
    }
    throw Failure{ExitCode::io,
                  errno == ENOSPC ? "the output cannot be written: the disk is full"
                                  : "the output cannot be written",
                  "send it to another file or disk, and run the command again"};
}

} // namespace

void Context::print(std::string_view data) const {
    if (std::fwrite(data.data(), 1, data.size(), stdout) != data.size()) {
        output_failed();
    }
}

void Context::flush() const {
    if (std::fflush(stdout) != 0) {
        output_failed();
    }
}

void Context::say(std::string_view talk) const {
    fmt::print(stderr, "{}\n", terminal::paragraph(talk));
}

} // namespace vestari::cli
