// `vestari doctor`: what on this machine would keep Vestari from working, and what to do about it.
#include <memory>

#include <fmt/format.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/doctor/checks.hpp"
#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/cli/terminal/width.hpp"
#include "ingest/export/json_text.hpp"

namespace vestari::cli {
namespace {

using doctor::Finding;
using doctor::State;
using terminal::Look;
using terminal::Role;

std::string mark(const Look& look, State state) {
    switch (state) {
    case State::good: return look.paint(Role::good, terminal::pad("ok", 7));
    case State::note: return look.paint(Role::faint, terminal::pad("note", 7));
    case State::warning: return look.paint(Role::warning, terminal::pad("warning", 7));
    case State::bad: return look.paint(Role::bad, terminal::pad("error", 7));
    }
    return {};
}

void print_findings(const Context& context, const std::vector<Finding>& findings) {
    std::size_t names = 0;
    for (const Finding& finding : findings) {
        names = std::max(names, terminal::width_of(finding.name));
    }
    const std::size_t margin = 7 + 2 + names + 2;
    const auto below = [&](const std::string& text) {
        return terminal::wrap(terminal::one_line(text), context.out.columns(), margin);
    };
    for (const Finding& finding : findings) {
        context.print(fmt::format("{}  {}  {}\n", mark(context.out, finding.state),
                                  terminal::pad(finding.name, names), below(finding.text)));
        if (!finding.next.empty()) {
            context.print(fmt::format("{}{}\n", std::string(margin, ' '),
                                      context.out.paint(Role::strong, below(finding.next))));
        }
    }
}

void print_json(const Context& context, const std::vector<Finding>& findings) {
    std::string json = "{\"checks\":[";
    for (const Finding& finding : findings) {
        json += &finding == &findings.front() ? "\n" : ",\n";
        json += "{\"name\":";
        ingest::append_json_string(json, finding.name);
        json += fmt::format(",\"state\":\"{}\",\"text\":", doctor::to_string(finding.state));
        ingest::append_json_string(json, finding.text);
        json += ",\"next\":";
        if (finding.next.empty()) {
            json += "null";
        } else {
            ingest::append_json_string(json, finding.next);
        }
        json += '}';
    }
    context.print(json + "\n]}\n");
}

ExitCode run(Context& context, bool assumptions) {
    const doctor::Report report = assumptions ? doctor::assumptions() : doctor::examine(context);
    if (context.json) {
        print_json(context, report.findings);
    } else {
        print_findings(context, report.findings);
    }
    return report.code;
}

} // namespace

Command doctor_command() {
    const auto assumptions = std::make_shared<bool>(false);
    Command command;
    command.name = "doctor";
    command.summary = "checks configuration, key, archive, daemons, clock and disk";
    command.description =
        "Looks at everything that Vestari needs on this machine and names the next step for what "
        "is missing. "
        "Nothing is changed. Exit code 0 when nothing is wrong, else that of the first error.";
    command.json = Json::yes;
    command.parameters = {{"--assumptions", "",
                           "lists what only a live account can confirm, and the setting for each",
                           assumptions.get()}};
    command.examples = {{"vestari doctor", "is everything in place?"},
                        {"vestari doctor --json", "the same for a monitoring script"}};
    command.run = [assumptions](Context& context) { return run(context, *assumptions); };
    return command;
}

} // namespace vestari::cli
