// A command as data: its words, options and examples. The command line (application.cpp), help, man page and shell completion
// are made from it, so that none of them can tell a different story.
//
// Invariants  a target outlives the command (the owner of both is the command's `run`, by shared pointer).
// Threads     one owner.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ingest/cli/frame/context.hpp"
#include "vestari/base/exit_code.hpp"

namespace vestari::cli {

using Target = std::variant<bool*, std::optional<std::string>*, std::vector<std::string>*>;

enum class Takes : std::uint8_t { text, file, folder };
enum class Need : std::uint8_t { optional, required };

struct Parameter {
    std::string name;  // "--brand"; of a positional its value's name: "FILE"
    std::string value; // "NAME"; empty for a flag and for a positional
    std::string help;
    Target into;
    Takes takes = Takes::text;
    Need need = Need::optional;
    std::vector<std::string> choices{}; // when not empty, nothing else is taken

    bool is_option() const { return name.starts_with("--"); }
    bool repeats() const { return std::holds_alternative<std::vector<std::string>*>(into); }
};

struct Example {
    std::string line;
    std::string meaning;
};

enum class Json : std::uint8_t { no, yes };

struct Command {
    std::string name;
    std::string summary;     // half a line, no full stop
    std::string description; // a paragraph, or empty
    Json json = Json::no;    // whether it takes --json
    std::vector<Parameter> parameters;
    std::vector<Example> examples;
    std::function<ExitCode(Context&)> run; // empty: one of the inner commands must follow
    std::vector<Command> commands{};
};

} // namespace vestari::cli
