#include "ingest/cli/frame/application.hpp"

#include <algorithm>
#include <csignal>
#include <map>
#include <new>
#include <system_error>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/failure.hpp"
#include "ingest/cli/terminal/sanitise.hpp"
#include "vestari/config/nearest.hpp"
#include "vestari/ingest/archive.hpp"

namespace vestari::cli {
namespace {

using terminal::Role;

// A command as CLI11 sees it, beside our description of it.
struct Attached {
    const Command* command;
    std::string path;
};

class CommandLine {
public:
    CommandLine(const Program& program, Context& context)
        : program_{program}, context_{context}, app_{program.summary, program.name} {
        app_.fallthrough();
        app_.set_help_flag("-h,--help", "");
        add_parameters(app_, program.options);
        for (const Command& command : program.commands) {
            attach(app_, command, program.name);
        }
    }

    ExitCode run(int argc, const char* const* argv) {
        try {
            app_.parse(argc, argv);
        } catch (const CLI::CallForHelp&) {
            context_.print(help_here(context_.out));
            return ExitCode::ok;
        } catch (const CLI::ExtrasError&) {
            refuse_extra();
        } catch (const CLI::ParseError& error) {
            throw Failure{ExitCode::usage, error.what(), help_hint()};
        }
        return run_parsed();
    }

private:
    void attach(CLI::App& to, const Command& command, const std::string& above) {
        CLI::App* app = to.add_subcommand(command.name, command.summary);
        app->set_help_flag("-h,--help", "");
        attached_[app] = {&command, above + " " + command.name};
        add_parameters(*app, command.parameters);
        for (const Command& inner : command.commands) {
            attach(*app, inner, above + " " + command.name);
        }
    }

    static void add_parameters(CLI::App& app, const std::vector<Parameter>& parameters) {
        for (const Parameter& parameter : parameters) {
            CLI::Option* option =
                std::visit([&](auto* into) { return add(app, parameter, *into); }, parameter.into);
            option->required(parameter.need == Need::required);
        }
    }
    static CLI::Option* add(CLI::App& app, const Parameter& parameter, bool& into) {
        return app.add_flag(parameter.name, into);
    }
    static CLI::Option* add(CLI::App& app, const Parameter& parameter,
                            std::optional<std::string>& into) {
        return app.add_option_function<std::string>(
            parameter.name, [&into](const std::string& text) { into = text; });
    }
    static CLI::Option* add(CLI::App& app, const Parameter& parameter,
                            std::vector<std::string>& into) {
        CLI::Option* option = app.add_option(parameter.name, into);
        return parameter.is_option() ? option->allow_extra_args(false) : option;
    }

    // The innermost command that was named.
    const CLI::App* here() const {
        const CLI::App* app = &app_;
        for (auto inner = app->get_subcommands(); !inner.empty(); inner = app->get_subcommands()) {
            app = inner.front();
        }
        return app;
    }
    const Attached* attached_here() const {
        const auto found = attached_.find(here());
        return found == attached_.end() ? nullptr : &found->second;
    }

    std::string help_here(const terminal::Look& look) const {
        const Attached* attached = attached_here();
        return attached == nullptr ? help_of(program_, look)
                                   : help_of(program_, *attached->command, attached->path, look);
    }
    std::string help_hint() const {
        const Attached* attached = attached_here();
        return fmt::format("see {} --help", attached == nullptr ? program_.name : attached->path);
    }

    [[noreturn]] void refuse_extra() const {
        const std::vector<std::string> extra = app_.remaining(true);
        const std::string word = extra.empty() ? "" : extra.front();
        const Attached* attached = attached_here();
        const bool is_option = word.starts_with('-');
        const bool takes_command = attached == nullptr || !attached->command->commands.empty();
        std::vector<std::string_view> known;
        if (is_option) {
            add_names(known, program_.options);
            if (attached != nullptr) {
                add_names(known, attached->command->parameters);
            }
        } else if (takes_command) {
            for (const Command& c :
                 attached == nullptr ? program_.commands : attached->command->commands) {
                known.emplace_back(c.name);
            }
        }
        const std::string_view close = config::nearest(word, known);
        throw Failure{ExitCode::usage,
                      fmt::format("{} \"{}\"",
                                  is_option       ? "unknown option"
                                  : takes_command ? "unknown command"
                                                  : "this command takes no",
                                  word),
                      close.empty()
                          ? help_hint()
                          : fmt::format("did you mean {}? Otherwise {}", close, help_hint())};
    }
    static void add_names(std::vector<std::string_view>& to, const std::vector<Parameter>& from) {
        for (const Parameter& parameter : from) {
            if (parameter.is_option()) {
                to.emplace_back(parameter.name);
            }
        }
    }

    ExitCode run_parsed() {
        const Attached* attached = attached_here();
        if (attached == nullptr && context_.version_option) {
            return print_version(context_);
        }
        if (attached == nullptr || !attached->command->run) {
            fmt::print(stderr, "{}", help_here(context_.err));
            return ExitCode::usage;
        }
        if (context_.json && attached->command->json == Json::no) {
            throw Failure{ExitCode::usage, fmt::format("{} does not take --json", attached->path),
                          "leave --json out"};
        }
        check_choices(*attached->command);
        const ExitCode code = attached->command->run(context_);
        context_.flush();
        return code;
    }

    static void check_choices(const Command& command) {
        for (const Parameter& parameter : command.parameters) {
            const auto* const* text = std::get_if<std::optional<std::string>*>(&parameter.into);
            if (text == nullptr || parameter.choices.empty() || !(*text)->has_value()) {
                continue;
            }
            const auto& choices = parameter.choices;
            if (std::find(choices.begin(), choices.end(), ***text) == choices.end()) {
                throw Failure{ExitCode::usage,
                              fmt::format("{} cannot be \"{}\"", parameter.name, ***text),
                              fmt::format("give one of: {}", fmt::join(choices, ", "))};
            }
        }
    }

    const Program& program_;
    Context& context_;
    CLI::App app_;
    std::map<const CLI::App*, Attached> attached_;
};

// "vestari: what is wrong", and below it what to do.
void report(const Context& context, std::string_view problem, std::string_view next) {
    std::fflush(stdout);
    fmt::print(stderr, "{} {}\n", context.err.paint(Role::bad, "vestari:"),
               terminal::one_line(problem));
    if (!next.empty()) {
        fmt::print(stderr, "{} {}\n", context.err.paint(Role::faint, "   next:"),
                   terminal::one_line(next));
    }
}

ExitCode run_guarded(int argc, const char* const* argv, Context& context) {
    try {
        const Program program = make_program(context);
        return CommandLine{program, context}.run(argc, argv);
    } catch (const Failure& failure) {
        if (!failure.problem().empty()) {
            report(context, failure.problem(), failure.next());
        }
        return failure.code();
    } catch (const ingest::StorageFailure& failure) {
        const Failure shown = Failure::about(ingest::exit_code(failure.why()), "the archive",
                                             ingest::describe(failure.why()));
        report(context, shown.problem(), shown.next());
        return shown.code();
    } catch (const std::bad_alloc&) {
        report(context, "there is not enough memory", "close other programs and run it again");
        return ExitCode::try_again;
    } catch (const std::system_error& error) {
        report(context, error.what(), "vestari doctor checks this machine");
        return ExitCode::io;
    } catch (const std::exception& error) {
        report(context, error.what(), "this is a defect of Vestari: please report it");
        return ExitCode::defect;
    }
}

} // namespace

int run(int argc, const char* const* argv) {
    std::signal(SIGPIPE, SIG_IGN); // a reader that goes away is an error of the write
    umask(S_IRWXG | S_IRWXO);      // whatever a command writes is its owner's alone
    const SystemClock clock;
    Context context{config::Environment::of_process(), clock};
    return to_int(run_guarded(argc, argv, context));
}

} // namespace vestari::cli
