// `vestari include add|remove|list`: the groups that are read. Everything else is dropped unopened.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/frame/words.hpp"
#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/cli/terminal/table.hpp"
#include "ingest/cli/view/groups.hpp"
#include "ingest/exchange/answers.hpp"

namespace vestari::cli {
namespace {

using ingest::GroupEntry;
using terminal::Align;
using terminal::Role;

struct Options {
    std::vector<std::string> groups;
    std::optional<std::string> currency;
};

// All words are looked at before anything is changed.
std::vector<GroupEntry> find_all(const std::vector<std::string>& words, Opened& opened) {
    GroupFinder finder{opened.config, opened.account, opened.archive->groups()};
    std::vector<GroupEntry> groups;
    groups.reserve(words.size());
    for (const std::string& word : words) {
        groups.push_back(finder.find(word));
    }
    return groups;
}

ExitCode add(const Options& options, Context& context) {
    std::optional<Currency> currency;
    if (options.currency) {
        currency = read_currency("--currency", *options.currency);
    }
    Opened opened = open_account(context);
    const std::vector<GroupEntry> listed = opened.archive->groups();
    for (GroupEntry& group : find_all(options.groups, opened)) {
        const bool before = std::any_of(listed.begin(), listed.end(), [&](const GroupEntry& one) {
            return one.jid == group.jid;
        });
        group.currency = currency ? currency : group.currency;
        opened.archive->include(group);
        context.say(fmt::format(
            "{} {}{}",
            before ? "still included:" : "included:", group.name.empty() ? group.jid : group.name,
            group.currency
                ? fmt::format(", prices in {} unless they say otherwise", group.currency->code())
                : ""));
    }
    return ExitCode::ok;
}

ExitCode remove(const Options& options, Context& context) {
    Opened opened = open_account(context);
    ExitCode code = ExitCode::ok;
    for (const GroupEntry& group : find_all(options.groups, opened)) {
        if (opened.archive->exclude(group.jid)) {
            context.say(fmt::format("no longer included: {}. Its deals stay", group.jid));
        } else {
            context.say(fmt::format("was not included: {}", group.jid));
            code = ExitCode::differs;
        }
    }
    return code;
}

ExitCode list(Context& context) {
    const Opened opened = open_account(context);
    const std::vector<GroupEntry> groups = opened.archive->groups();
    if (context.json) {
        std::string json;
        ingest::exchange::append_json(json, groups);
        context.print(json);
        return ExitCode::ok;
    }
    if (groups.empty()) {
        context.say("no group is included: nothing is read\n   next: vestari include add JID");
        return ExitCode::differs;
    }
    terminal::Table table{{{"Group", Align::left, 2, 12},
                           {"JID", Align::left, 3, 0},
                           {"Currency", Align::left, 1, 0}}};
    for (const GroupEntry& group : groups) {
        table.add({{group.name.empty() ? "not known yet" : group.name,
                    group.name.empty() ? Role::faint : Role::plain},
                   {group.jid},
                   {group.currency ? std::string{group.currency->code()} : ""}});
    }
    context.print(table.render(context.out));
    return ExitCode::ok;
}

Command add_command(const std::shared_ptr<Options>& options) {
    Command command;
    command.name = "add";
    command.summary = "includes groups, by JID or exact name";
    command.parameters = {
        {"GROUP", "", "a group's JID, or its exact name where it is known", &options->groups,
         Takes::text, Need::required},
        {"--currency", "CODE", "the currency of prices that name none", &options->currency}};
    command.examples = {{"vestari include add 120363040000000001@g.us --currency HKD",
                         "prices in this group are in HKD"}};
    command.run = [options](Context& context) { return add(*options, context); };
    return command;
}

Command remove_command(const std::shared_ptr<Options>& options) {
    Command command;
    command.name = "remove";
    command.summary = "stops reading groups; what was read stays";
    command.parameters = {{"GROUP", "", "a group's JID, or its exact name", &options->groups,
                           Takes::text, Need::required}};
    command.examples = {{"vestari include remove \"Watch dealers HKD\"", "by its name"}};
    command.run = [options](Context& context) { return remove(*options, context); };
    return command;
}

Command list_command() {
    Command command;
    command.name = "list";
    command.summary = "shows the groups that are read";
    command.json = Json::yes;
    command.examples = {{"vestari include list --json", "for a script"}};
    command.run = [](Context& context) { return list(context); };
    return command;
}

} // namespace

Command include_command() {
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "include";
    command.summary = "chooses the groups that are read";
    command.description = "Only groups on this list are ever decrypted. Everything else is dropped "
                          "on its header, unopened.";
    command.commands = {add_command(options), remove_command(options), list_command()};
    return command;
}

} // namespace vestari::cli
