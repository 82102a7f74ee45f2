// What `vestari doctor` looks at, each a finding with a next step where one is needed. Nothing is changed.
//
// Threads     one owner.
// Errors      none: what fails is a finding.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/cli/frame/context.hpp"
#include "vestari/base/exit_code.hpp"

namespace vestari::cli::doctor {

enum class State : std::uint8_t { good, note, warning, bad };
std::string_view to_string(State state) noexcept; // "ok", "note", "warning", "error"

struct Finding {
    std::string name;
    State state = State::good;
    std::string text;
    std::string next{}; // what to do; empty when there is nothing to do
};

struct Report {
    std::vector<Finding> findings;
    ExitCode code = ExitCode::ok; // of the first error
};

Report examine(const Context& context);

// Adds an error; the first one decides the exit code.
void add_bad(Report& report, ExitCode code, Finding finding);

// What the specification could not settle without a live account: the setting that answers it, and its safe default.
Report assumptions();

} // namespace vestari::cli::doctor
