#include "ingest/cli/frame/help.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/cli/terminal/width.hpp"

namespace vestari::cli {
namespace {

using terminal::Look;
using terminal::Role;

constexpr std::size_t widest_text = 96; // lines longer than this are tiring to read

std::string shown(const Parameter& parameter) {
    if (!parameter.is_option()) {
        return parameter.name + (parameter.repeats() ? "…" : "");
    }
    return parameter.value.empty() ? parameter.name : parameter.name + " " + parameter.value;
}

std::string help_text(const Parameter& parameter) {
    return parameter.repeats() && parameter.is_option() ? parameter.help + "; can be repeated"
                                                        : parameter.help;
}

// Two columns: a term and what it means, the second wrapped.
std::string definitions(const std::vector<std::pair<std::string, std::string>>& rows,
                        const Look& look) {
    std::size_t terms = 0;
    for (const auto& row : rows) {
        terms = std::max(terms, terminal::width_of(row.first));
    }
    const std::size_t columns = std::min(look.columns(), widest_text);
    const bool beside = terms + 24 <= columns;
    const std::size_t margin = beside ? terms + 4 : 6;
    std::string text;
    for (const auto& [term, meaning] : rows) {
        text += "  " + look.paint(Role::strong, beside ? terminal::pad(term, terms) : term);
        text += beside ? "  " : "\n" + std::string(margin, ' ');
        text += terminal::wrap(meaning, columns, margin);
        text += '\n';
    }
    return text;
}

std::string title(const std::string& name, const std::string& summary, const Look& look) {
    const std::string whole =
        terminal::wrap(name + ": " + summary, std::min(look.columns(), widest_text));
    return look.paint(Role::strong, whole.substr(0, name.size())) + whole.substr(name.size()) +
           "\n";
}

std::string heading(const Look& look, std::string_view text) {
    return "\n" + look.paint(Role::accent, text) + "\n";
}

std::string examples_of(const std::vector<Example>& examples, const Look& look) {
    if (examples.empty()) {
        return {};
    }
    const std::size_t columns = std::min(look.columns(), widest_text);
    std::string text = heading(look, "examples");
    for (const Example& example : examples) {
        text += "  " + example.line + "\n";
        text +=
            "      " + look.paint(Role::faint, terminal::wrap(example.meaning, columns, 6)) + "\n";
    }
    return text;
}

std::string options_of(const std::vector<Parameter>& options, const Look& look) {
    std::vector<std::pair<std::string, std::string>> rows;
    rows.reserve(options.size());
    for (const Parameter& parameter : options) {
        rows.emplace_back(shown(parameter), help_text(parameter));
    }
    return definitions(rows, look);
}

std::string commands_of(const std::vector<Command>& commands, const Look& look) {
    std::vector<std::pair<std::string, std::string>> rows;
    rows.reserve(commands.size());
    for (const Command& command : commands) {
        rows.emplace_back(command.name, command.summary);
    }
    return heading(look, "commands") + definitions(rows, look);
}

} // namespace

std::string usage_of(const Command& command, const std::string& path) {
    std::string usage = path;
    if (!command.run) {
        usage += " COMMAND";
    }
    for (const Parameter& parameter : command.parameters) {
        const bool required = parameter.need == Need::required;
        const std::string_view more = parameter.repeats() && parameter.is_option() ? "…" : "";
        usage += required ? fmt::format(" {}", shown(parameter))
                          : fmt::format(" [{}]{}", shown(parameter), more);
    }
    return command.json == Json::yes ? usage + " [--json]" : usage;
}

std::string help_of(const Program& program, const Look& look) {
    std::string text = title(program.name, program.summary, look) + heading(look, "usage") + "  " +
                       program.name + " COMMAND [OPTIONS]\n" + commands_of(program.commands, look) +
                       heading(look, "options") + options_of(program.options, look) +
                       examples_of(program.examples, look);
    return text + fmt::format("\n`{} COMMAND --help` tells more about a command.\n", program.name);
}

std::string help_of(const Program& program, const Command& command, const std::string& path,
                    const Look& look) {
    const std::size_t columns = std::min(look.columns(), widest_text);
    std::string text = title(path, command.summary, look);
    if (!command.description.empty()) {
        text += "\n" + terminal::wrap(command.description, columns) + "\n";
    }
    text +=
        heading(look, "usage") + "  " + terminal::wrap(usage_of(command, path), columns, 2) + "\n";
    if (!command.commands.empty()) {
        text += commands_of(command.commands, look);
    }
    std::vector<Parameter> options = command.parameters;
    std::ranges::copy_if(program.options, std::back_inserter(options), [&](const Parameter& one) {
        return one.name != "--version" && (one.name != "--json" || command.json == Json::yes);
    });
    return text + heading(look, "options") + options_of(options, look) +
           examples_of(command.examples, look);
}

} // namespace vestari::cli
