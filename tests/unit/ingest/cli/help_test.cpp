#include <string>

#include <doctest/doctest.h>

#include "ingest/cli/frame/application.hpp"
#include "ingest/cli/terminal/width.hpp"

using namespace vestari;
using namespace vestari::cli;

namespace {

void check_lines(const std::string& text, std::size_t width) {
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t to = std::min(text.find('\n', from), text.size());
        const std::string line = text.substr(from, to - from);
        CAPTURE(line);
        CHECK(line.find('\x1b') == std::string::npos);
        CHECK((line.empty() || line.back() != ' '));
        const bool example =
            line.starts_with("  vestari") || line.starts_with("  echo"); // shown to be copied
        CHECK((example || terminal::width_of(line) <= width));
        from = to + 1;
    }
}

void check_command(const Program& program, const Command& command, const std::string& path,
                   const terminal::Look& look) {
    CAPTURE(path);
    CHECK_FALSE(command.summary.empty());
    CHECK_FALSE(command.summary.ends_with('.'));
    CHECK((!command.examples.empty() || !command.commands.empty()));
    CHECK((static_cast<bool>(command.run) || !command.commands.empty()));
    const std::string help = help_of(program, command, path, look);
    check_lines(help, look.width);
    for (const Parameter& parameter : command.parameters) {
        CHECK(help.find(parameter.name) != std::string::npos);
    }
    for (const Command& inner : command.commands) {
        check_command(program, inner, path + " " + inner.name, look);
    }
}

} // namespace

TEST_CASE("help: every command says what it does, with examples, within the terminal") {
    const SystemClock clock;
    Context context{{[](const std::string&) { return std::optional<std::string>{}; }}, clock};
    const Program program = make_program(context);
    for (const std::size_t width : {60U, 80U, 200U}) {
        terminal::Look look;
        look.width = width;
        check_lines(help_of(program, look), width);
        for (const Command& command : program.commands) {
            check_command(program, command, "vestari " + command.name, look);
        }
    }
}
