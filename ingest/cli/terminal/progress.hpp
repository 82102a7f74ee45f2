// A progress bar on one line of the terminal, for work whose length is known or not.
//
// Invariants  writes only when the stream is a terminal that can move its cursor; at most one line, redrawn at most every
//             80 ms; the line is gone after finish() and after destruction.
// Threads     one owner.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "ingest/cli/terminal/style.hpp"

namespace vestari::terminal {

class Progress {
public:
    using Time = std::chrono::steady_clock::time_point;

    Progress(std::FILE* to, const Look& look, std::string_view label, std::uint64_t total,
             Time start);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress() { finish(); }

    void update(std::uint64_t done, Time now);
    void finish();

    // One line without its line break, no wider than the look.
    std::string render(std::uint64_t done, Time now) const;

private:
    std::FILE* to_;
    Look look_;
    std::string label_;
    std::uint64_t total_; // 0: not known
    Time start_;
    Time next_draw_;
    bool drawn_ = false;
};

} // namespace vestari::terminal
