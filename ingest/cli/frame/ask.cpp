#include "ingest/cli/frame/ask.hpp"

#include <iostream>

#include <fmt/format.h>
#include <unistd.h>

#include "ingest/cli/frame/failure.hpp"
#include "ingest/cli/terminal/sanitise.hpp"

namespace vestari::cli {

void confirm(const Context& context, const std::string& question, const std::string& when_not) {
    if (isatty(STDIN_FILENO) == 0) {
        throw Failure{ExitCode::usage, "this cannot be undone, and there is no terminal to ask on",
                      "add --yes"};
    }
    context.flush();
    fmt::print(stderr, "{} [y/N] ", terminal::one_line(question));
    std::string answer;
    std::getline(std::cin, answer);
    if (answer != "y" && answer != "Y" && answer != "yes") {
        throw Failure{ExitCode::differs, when_not, ""};
    }
}

} // namespace vestari::cli
