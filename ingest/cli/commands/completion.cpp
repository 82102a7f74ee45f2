// `vestari completion SHELL` and `vestari manual`: what the shell and man(1) want, made from the commands' own data.
#include <memory>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/application.hpp"
#include "ingest/cli/frame/completion.hpp"
#include "ingest/cli/frame/manual.hpp"
#include "vestari/base/version.hpp"

namespace vestari::cli {

Command completion_command() {
    const auto shell = std::make_shared<std::optional<std::string>>();
    Command command;
    command.name = "completion";
    command.summary = "prints completion for a shell";
    command.parameters = {{"SHELL",
                           "",
                           "bash, zsh or fish",
                           shell.get(),
                           Takes::text,
                           Need::required,
                           {"bash", "zsh", "fish"}}};
    command.examples = {
        {"source <(vestari completion bash)", "for this bash"},
        {"vestari completion zsh > ~/.zfunc/_vestari", "for zsh, with ~/.zfunc in fpath"},
        {"vestari completion fish > ~/.config/fish/completions/vestari.fish", "for fish"}};
    command.run = [shell](Context& context) {
        const Shell wanted = **shell == "bash"  ? Shell::bash
                             : **shell == "zsh" ? Shell::zsh
                                                : Shell::fish;
        context.print(completion_of(make_program(context), wanted));
        return ExitCode::ok;
    };
    return command;
}

Command manual_command() {
    Command command;
    command.name = "manual";
    command.summary = "prints the manual page, for man";
    command.examples = {{"vestari manual | man -l -", "reads it"}};
    command.run = [](Context& context) {
        context.print(man_page(make_program(context), version));
        return ExitCode::ok;
    };
    return command;
}

} // namespace vestari::cli
