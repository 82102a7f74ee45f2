// vestari-replay: plays a captured fixture through the bridge's code and writes the envelope stream of the live pipe.
//
// With --pipe (how `vestari replay` starts it) the keys come first on stdin, acknowledgements after them, and envelopes leave on
// stdout. Without it the session is thrown away and the frames go to stdout as they are, for tools and tests.
#include <cstdio>
#include <iostream>

#include <CLI/CLI.hpp>
#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

#include "vestari/base/exit_code.hpp"
#include "vestari/base/version.hpp"
#include "vestari/bridge/replay.hpp"

using namespace vestari;

namespace {

int fail(const replay::Failure& failure) {
    std::fprintf(stderr, "vestari-replay: %s\n", failure.what.c_str());
    return to_int(failure.exit_code);
}

int run(int argc, char** argv) {
    replay::Options options;
    CLI::App app{
        "Plays a captured fixture through the bridge's code and writes the envelope stream."};
    app.name("vestari-replay");
    app.set_version_flag("--version", std::string{"vestari-replay "} + std::string{version});
    app.add_option("FIXTURE", options.fixture, "the capture to play (.jsonl)")->required();
    app.add_option("--session", options.sessions,
                   "folder of session databases; without it the session is thrown away");
    app.add_option("--include", options.include,
                   "JID of a chat to read instead of the header's list");
    app.add_flag("--pipe", options.pipe, "keys and acknowledgements come on stdin");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return error.get_exit_code() == 0 ? app.exit(error)
                                          : (app.exit(error), to_int(ExitCode::usage));
    }
    const std::optional<replay::Failure> failure =
        replay::run(options, options.pipe ? STDIN_FILENO : -1, STDOUT_FILENO);
    return failure ? fail(*failure) : to_int(ExitCode::ok);
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);        // a gone reader is an error of the write
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); // keys are in this memory: no core, no tracing
    try {
        return run(argc, argv);
    } catch (const boost::system::system_error& error) {
        std::fprintf(stderr, "vestari-replay: the session database failed: %s\n",
                     error.code().message().c_str());
        return to_int(ExitCode::io);
    } catch (const std::bad_alloc&) {
        std::fprintf(stderr, "vestari-replay: out of memory\n");
        return to_int(ExitCode::try_again);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "vestari-replay: defect: %s\n", error.what());
        return to_int(ExitCode::defect);
    }
}
