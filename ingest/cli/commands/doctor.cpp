// `vestari doctor`: what on this machine would keep Vestari from working, and what to do about it.
#include <memory>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "ingest/cli/access/running.hpp"
#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/doctor/checks.hpp"
#include "ingest/cli/frame/open.hpp"
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

// After what stops for good until somebody acts: another program with this device's keys, a lock that has ended.
ExitCode reconnect(Context& context) {
    const config::Config config = load_config(context);
    const config::Account& account = choose_account(context, config);
    const auto response =
        ask_running(bridge_socket(config),
                    {service::Method::post, "/v1/reconnect",
                     boost::json::serialize(boost::json::object{{"account", account.name}})});
    if (!response) {
        throw bridge_needed();
    }
    if (response->status != 200) {
        throw Failure{ExitCode::try_again,
                      fmt::format("account \"{}\" does not connect: {}", account.name,
                                  error_word(response->body)),
                      "vestari status says how it is"};
    }
    context.say(
        fmt::format("account \"{}\" connects again\n   next: vestari status", account.name));
    return ExitCode::ok;
}

struct Options {
    bool assumptions = false;
    bool reconnect = false;
};

ExitCode run(Context& context, const Options& options) {
    if (options.reconnect) {
        return reconnect(context);
    }
    const doctor::Report report =
        options.assumptions ? doctor::assumptions() : doctor::examine(context);
    if (context.json) {
        print_json(context, report.findings);
    } else {
        print_findings(context, report.findings);
    }
    return report.code;
}

} // namespace

Command doctor_command() {
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "doctor";
    command.summary = "checks configuration, key, archive, daemons, clock and disk";
    command.description =
        "Looks at everything that Vestari needs on this machine and names the next step for what "
        "is missing. "
        "Nothing is changed, except that --reconnect asks the bridge to connect. Exit code 0 when "
        "nothing is wrong, else that of the first error.";
    command.json = Json::yes;
    command.parameters = {{"--assumptions", "",
                           "lists what only a live account can confirm, and the setting for each",
                           &options->assumptions},
                          {"--reconnect", "",
                           "connects an account again that has stopped until somebody acts",
                           &options->reconnect}};
    command.examples = {{"vestari doctor", "is everything in place?"},
                        {"vestari doctor --json", "the same for a monitoring script"}};
    command.run = [options](Context& context) { return run(context, *options); };
    return command;
}

} // namespace vestari::cli
