// What must not outlive a replay: a throw-away folder, and the window in which Ctrl-C would leave one behind.
//
// Threads     one owner, in a program with one thread: the signal mask is the process's.
#pragma once

#include <csignal>
#include <filesystem>

#include "vestari/base/descriptor.hpp"
#include "vestari/config/locate.hpp"

namespace vestari::cli::replay {

// While it lives, SIGINT, SIGTERM and SIGHUP wait in a descriptor; afterwards they act as before, one that waits at once.
class HeldSignals {
public:
    HeldSignals();
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;
    ~HeldSignals();
    int descriptor() const noexcept {
        return descriptor_.get();
    } // readable: one has come; it is never read here

private:
    sigset_t before_{};
    Descriptor descriptor_;
};

// A private folder that is gone at the end, with everything in it.
class ThrowAwayFolder {
public:
    explicit ThrowAwayFolder(const config::Environment& environment); // below $TMPDIR, else /tmp
    ThrowAwayFolder(const ThrowAwayFolder&) = delete;
    ThrowAwayFolder& operator=(const ThrowAwayFolder&) = delete;
    ~ThrowAwayFolder();
    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace vestari::cli::replay
