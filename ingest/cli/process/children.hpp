// vestari-bridge and vestari-ingest as children of this process, for people without systemd.
//
// Invariants  neither is started again. They end with this process, however it ends. Each is in a process group of its own, so
//             that Ctrl-C reaches us alone and both are stopped in order: the bridge, then ingest. What they print goes to stderr.
// Threads     one owner; the process has no other threads while they are started.
// Errors      Failure: configuration when a program is not there, try_again when one runs already.
// Source      SETTLED section 8, DESIGN 3.1 (`vestari up`).
#pragma once

#include <array>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

#include "vestari/config/config.hpp"

namespace vestari::cli {

std::filesystem::path beside_us(const char* program);

struct Ended {
    std::string program;
    int code = 0; // below zero: the signal that ended it
};

class Children {
public:
    explicit Children(const config::Config& config) : config_{config} {}
    Children(const Children&) = delete;
    Children& operator=(const Children&) = delete;
    ~Children() { stop(); }

    void start();
    bool ready();                 // both answer on their sockets
    std::optional<Ended> ended(); // the first that has ended by itself
    int stop();                   // both; 0, or the first exit code that is not

private:
    struct Child {
        const char* program = nullptr;
        pid_t pid = -1;
        std::optional<int> code;
    };
    void start(Child& child);
    static bool reap(Child& child, std::chrono::milliseconds patience);

    const config::Config& config_;
    std::array<Child, 2> children_{{{"vestari-bridge", -1, {}}, {"vestari-ingest", -1, {}}}};
};

// "vestari-bridge ended with exit code 74", "… was ended by signal 9".
std::string how_it_ended(const Ended& ended);

} // namespace vestari::cli
