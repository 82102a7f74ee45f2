// Says why no code has come yet, while `vestari link` waits for the first one: a network that is not there is no reason for silence.
//
// Invariants  nothing is said in the first seconds, nothing twice, and nothing once code_came() has returned.
// Threads     one owner; the bridge is asked by a thread of its own, which takes no signals.
// Errors      none: a bridge that does not answer is another's to notice.
// Source      DESIGN 3.1 (`link` ends with what was linked, or with a named reason and the next step).
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

#include "ingest/cli/frame/context.hpp"

namespace vestari::cli {

class NoCodeYet {
public:
    NoCodeYet(const Context& context, std::filesystem::path bridge, std::string account);
    NoCodeYet(const NoCodeYet&) = delete;
    NoCodeYet& operator=(const NoCodeYet&) = delete;
    ~NoCodeYet() { code_came(); }

    void code_came();
    const std::string& said() const noexcept { return said_; } // after code_came(); empty: nothing

private:
    void wait();
    std::string reason() const;

    const Context& context_;
    std::filesystem::path bridge_;
    std::string account_;
    std::mutex mutex_;
    std::condition_variable over_changed_;
    bool over_ = false;
    std::string said_;
    std::thread thread_;
};

} // namespace vestari::cli
