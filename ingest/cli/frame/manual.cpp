#include "ingest/cli/frame/manual.hpp"

#include <fmt/format.h>

#include "vestari/config/config.hpp"

namespace vestari::cli {
namespace {

// Text that roff reads as it stands: no request at the start of a line, no escape, hyphens that can be copied.
std::string roff(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        if (c == '\\') {
            safe += "\\e";
        } else if (c == '-') {
            safe += "\\-";
        } else {
            if ((c == '.' || c == '\'') && (safe.empty() || safe.back() == '\n')) {
                safe += "\\&";
            }
            safe += c;
        }
    }
    return safe;
}

std::string entry(const Parameter& parameter) {
    std::string term = fmt::format("\\fB{}\\fR", roff(parameter.name));
    if (!parameter.value.empty()) {
        term += fmt::format(" \\fI{}\\fR", roff(parameter.value));
    }
    return fmt::format(".TP\n{}\n{}\n", term, roff(parameter.help));
}

void append_command(std::string& page, const Command& command, const std::string& path) {
    if (command.run) {
        page += fmt::format(".SS \"{}\"\n", roff(usage_of(command, path)));
        page +=
            roff(command.description.empty() ? command.summary + "." : command.description) + "\n";
        for (const Parameter& parameter : command.parameters) {
            page += entry(parameter);
        }
    }
    for (const Command& inner : command.commands) {
        append_command(page, inner, path + " " + inner.name);
    }
}

void append_examples(std::string& page, const std::vector<Example>& examples) {
    for (const Example& example : examples) {
        page += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(example.line), roff(example.meaning));
    }
}

void append_all_examples(std::string& page, const std::vector<Command>& commands) {
    for (const Command& command : commands) {
        append_examples(page, command.examples);
        append_all_examples(page, command.commands);
    }
}

constexpr std::string_view files = R"(.SH FILES
.TP
$VESTARI_CONFIG, $XDG_CONFIG_HOME/vestari/vestari.toml, /etc/vestari/vestari.toml
The configuration, looked for in this order when \-\-config names none.
.TP
master.key
The master key, readable by its owner alone. Without it nobody can read the archive: keep a copy elsewhere.
)";

constexpr std::string_view ends = R"(.SH EXIT STATUS
.TP
.B 0
done
.TP
.B 1
a comparison differs, or nothing was found
.TP
.B 64
wrong words on the command line
.TP
.B 65
a fixture, archive or message file that cannot be read
.TP
.B 70
a defect of Vestari
.TP
.B 74
the disk is full, or something cannot be read or written
.TP
.B 75
busy: the same command may work later
.TP
.B 78
a configuration or key file that cannot be used
.SH ENVIRONMENT
.TP
.B NO_COLOR
when set, no colours are used
.TP
.B COLUMNS
the width of tables and charts, instead of the terminal's
)";

} // namespace

std::string man_page(const Program& program, std::string_view version) {
    std::string page =
        fmt::format(".TH VESTARI 1 \"\" \"Vestari {}\" \"Vestari\"\n.SH NAME\nvestari \\- {}\n",
                    roff(version), roff(program.summary));
    page += ".SH SYNOPSIS\n.B vestari\n.I COMMAND\n[\\fIOPTIONS\\fR]\n.SH OPTIONS\n";
    for (const Parameter& parameter : program.options) {
        page += entry(parameter);
    }
    page += ".SH COMMANDS\n";
    for (const Command& command : program.commands) {
        append_command(page, command, program.name + " " + command.name);
    }
    page += ".SH CONFIGURATION\nTOML. An unknown key is an error.\n";
    for (const config::KeyDescription& key : config::describe_keys()) {
        page += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(key.name), roff(key.wanted));
    }
    page += ".SH EXAMPLES\n";
    append_all_examples(page, program.commands);
    return page.append(files).append(ends);
}

} // namespace vestari::cli
