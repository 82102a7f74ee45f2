// What every command works with: the global options, the two streams and how they look, the clock and the environment.
//
// Invariants  data goes to stdout by print(), talk to stderr by say(); a write that fails is a Failure, never silence.
// Threads     one owner.
// Errors      print: Failure (io) on a full disk; a reader that went away ends the program quietly (Failure without text).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ingest/cli/terminal/style.hpp"
#include "vestari/base/clock.hpp"
#include "vestari/config/locate.hpp"

namespace vestari::cli {

class Context {
public:
    Context(config::Environment started_with, const Clock& injected)
        : environment{std::move(started_with)}, clock{injected},
          out{terminal::Look::of(1, environment)}, err{terminal::Look::of(2, environment)} {}

    void print(std::string_view data) const; // as it is: the caller has sanitised what is foreign
    void
    say(std::string_view talk) const; // sanitised here; one line or several, ended by a line feed
    void flush() const;

    config::Environment environment;
    const Clock& clock;
    terminal::Look out;
    terminal::Look err;

    // The global options.
    std::optional<std::string> config_option;
    std::optional<std::string> account_option;
    bool json = false;
    bool version_option = false;
};

} // namespace vestari::cli
