#include "ingest/cli/replay/guard.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <stdlib.h> // mkdtemp
#include <sys/signalfd.h>

#include "ingest/cli/frame/failure.hpp"

namespace vestari::cli::replay {

HeldSignals::HeldSignals() {
    sigset_t held;
    sigemptyset(&held);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction now{};
        sigaction(signal, nullptr, &now);
        if (now.sa_handler != SIG_IGN) { // nohup means it
            sigaddset(&held, signal);
        }
    }
    pthread_sigmask(SIG_BLOCK, &held, &before_);
    descriptor_ = Descriptor{signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK)};
}

HeldSignals::~HeldSignals() {
    descriptor_.close();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

ThrowAwayFolder::ThrowAwayFolder(const config::Environment& environment) {
    std::string name = environment.get("TMPDIR").value_or("/tmp") + "/vestari-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) { // mode 0700
        throw Failure{ExitCode::io,
                      fmt::format("no folder can be made at {}: {}", name,
                                  std::generic_category().message(errno)),
                      "set TMPDIR to a folder that you can write, or give --store DIR"};
    }
    path_ = name;
}

ThrowAwayFolder::~ThrowAwayFolder() {
    std::error_code ignored; // everything in it is sealed by a key that is gone
    std::filesystem::remove_all(path_, ignored);
}

} // namespace vestari::cli::replay
