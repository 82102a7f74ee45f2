#include "ingest/cli/frame/completion.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace vestari::cli {
namespace {

// One command, inner ones included, with what can follow it.
struct Stop {
    std::string path;                                       // "vestari include add"
    std::vector<std::pair<std::string, std::string>> words; // with what each means
    std::vector<const Parameter*> valued;                   // options that take a value
    bool files = false;                                     // takes file names itself
};

void add_parameters(Stop& stop, const std::vector<Parameter>& parameters, Json json) {
    for (const Parameter& parameter : parameters) {
        if (!parameter.is_option()) {
            stop.files = stop.files || parameter.takes == Takes::file;
        } else if (parameter.name != "--json" || json == Json::yes) {
            stop.words.emplace_back(parameter.name, parameter.help);
            if (!parameter.value.empty()) {
                stop.valued.push_back(&parameter);
            }
        }
    }
}

void collect(std::vector<Stop>& stops, const Program& program, const Command& command,
             const std::string& path) {
    Stop stop{path, {}, {}, false};
    for (const Command& inner : command.commands) {
        stop.words.emplace_back(inner.name, inner.summary);
    }
    add_parameters(stop, command.parameters, command.json);
    add_parameters(stop, program.options, command.json);
    std::erase_if(stop.words, [](const auto& word) { return word.first == "--version"; });
    stops.push_back(std::move(stop));
    for (const Command& inner : command.commands) {
        collect(stops, program, inner, path + " " + inner.name);
    }
}

std::vector<Stop> stops_of(const Program& program) {
    Stop root{program.name, {}, {}, false};
    for (const Command& command : program.commands) {
        root.words.emplace_back(command.name, command.summary);
    }
    add_parameters(root, program.options, Json::yes);
    std::vector<Stop> stops{std::move(root)};
    for (const Command& command : program.commands) {
        collect(stops, program, command, program.name + " " + command.name);
    }
    return stops;
}

std::string in_quotes(std::string_view text) { // within single quotes of any of the three shells
    std::string safe;
    for (const char c : text) {
        safe += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
    }
    return safe;
}

// The command that has been typed so far, found by the same loop in bash and zsh.
std::string walk(const std::vector<Stop>& stops, std::string_view loop, std::string_view word) {
    std::vector<std::string> paths;
    for (const Stop& stop : stops) {
        if (stop.path.find(' ') != std::string::npos) {
            paths.push_back(fmt::format("'{}'", stop.path));
        }
    }
    return fmt::format(
        "  for (({})); do\n    case \"$at {}\" in\n      {}) at=\"$at {}\" ;;\n    esac\n  done\n",
        loop, word, fmt::join(paths, "|"), word);
}

// What follows an option that takes a value.
std::string values(const std::vector<Stop>& stops, std::string_view before, std::string_view files,
                   std::string_view folders, std::string_view choices) {
    std::string text = fmt::format("  case \"$at:{}\" in\n", before);
    for (const Stop& stop : stops) {
        for (const Parameter* parameter : stop.valued) {
            std::string action = "return";
            if (!parameter->choices.empty()) {
                action = fmt::format(fmt::runtime(choices), fmt::join(parameter->choices, " "));
            } else if (parameter->takes == Takes::file) {
                action = files;
            } else if (parameter->takes == Takes::folder) {
                action = folders;
            }
            text += fmt::format("    '{}:{}') {} ;;\n", stop.path, parameter->name,
                                action == "return" ? action : action + "; return");
        }
    }
    return text + "  esac\n";
}

std::string bash(const std::vector<Stop>& stops) {
    std::string text =
        "# bash completion for vestari; made by: vestari completion bash\n_vestari() {\n"
        "  local at=vestari i words= current=${COMP_WORDS[COMP_CWORD]}\n";
    text += walk(stops, "i = 1; i < COMP_CWORD; i++", "${COMP_WORDS[i]}");
    text += values(stops, "${COMP_WORDS[COMP_CWORD-1]}",
                   "mapfile -t COMPREPLY < <(compgen -f -- \"$current\")",
                   "mapfile -t COMPREPLY < <(compgen -d -- \"$current\")",
                   "mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$current\")");
    text += "  case \"$at\" in\n";
    for (const Stop& stop : stops) {
        std::vector<std::string> words;
        words.reserve(stop.words.size());
        for (const auto& word : stop.words) {
            words.push_back(word.first);
        }
        text += fmt::format("    '{}') words='{}'{} ;;\n", stop.path, fmt::join(words, " "),
                            stop.files ? "; [[ $current == -* ]] || { mapfile -t COMPREPLY < "
                                         "<(compgen -f -- \"$current\"); return; }"
                                       : "");
    }
    return text + "  esac\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n}\n"
                  "complete -o filenames -F _vestari vestari\n";
}

std::string zsh(const std::vector<Stop>& stops) {
    std::string text = "#compdef vestari\n# made by: vestari completion zsh\n_vestari() {\n"
                       "  local at=vestari i\n  local -a entries\n";
    text += walk(stops, "i = 2; i < CURRENT; i++", "${words[i]}");
    text += values(stops, "${words[CURRENT-1]}", "_files", "_files -/", "compadd -- {}");
    text += "  case \"$at\" in\n";
    for (const Stop& stop : stops) {
        text += fmt::format("    '{}')\n      entries=(", stop.path);
        for (const auto& [word, meaning] : stop.words) {
            text += fmt::format("\n        '{}:{}'", word, in_quotes(meaning));
        }
        text += fmt::format(")\n{}      ;;\n",
                            stop.files ? "      [[ $PREFIX == -* ]] || { _files; return }\n" : "");
    }
    return text + "  esac\n  _describe -t commands vestari entries\n}\n_vestari \"$@\"\n";
}

// fish: a line for each word, on the condition that its command has been typed.
std::string fish(const Program& program) {
    std::string text =
        "# fish completion for vestari; made by: vestari completion fish\ncomplete -c vestari -f\n";
    const auto option = [&](const Parameter& parameter, const std::string& condition) {
        std::string line = fmt::format("complete -c vestari{} -l {} -d '{}'", condition,
                                       parameter.name.substr(2), in_quotes(parameter.help));
        if (!parameter.choices.empty()) {
            line += fmt::format(" -x -a '{}'", fmt::join(parameter.choices, " "));
        } else if (parameter.takes == Takes::file) {
            line += " -r -F";
        } else if (parameter.takes == Takes::folder) {
            line += " -x -a '(__fish_complete_directories)'";
        } else if (!parameter.value.empty()) {
            line += " -x";
        }
        text += line + "\n";
    };
    for (const Parameter& parameter : program.options) {
        option(parameter, "");
    }
    for (const Command& command : program.commands) {
        text += fmt::format("complete -c vestari -n __fish_use_subcommand -a {} -d '{}'\n",
                            command.name, in_quotes(command.summary));
        const std::string seen = fmt::format(" -n '__fish_seen_subcommand_from {}'", command.name);
        const auto parameters = [&](const Command& of, const std::string& condition) {
            for (const Parameter& parameter : of.parameters) {
                if (parameter.is_option()) {
                    option(parameter, condition);
                } else if (parameter.takes == Takes::file) {
                    text += fmt::format("complete -c vestari{} -F\n", condition);
                }
            }
        };
        parameters(command, seen);
        for (const Command& inner : command.commands) {
            text += fmt::format("complete -c vestari{} -a {} -d '{}'\n", seen, inner.name,
                                in_quotes(inner.summary));
            parameters(inner, fmt::format(" -n '__fish_seen_subcommand_from {}'", inner.name));
        }
    }
    return text;
}

} // namespace

std::string completion_of(const Program& program, Shell shell) {
    switch (shell) {
    case Shell::bash: return bash(stops_of(program));
    case Shell::zsh: return zsh(stops_of(program));
    case Shell::fish: return fish(program);
    }
    return {};
}

} // namespace vestari::cli
