// `vestari include add|remove|list`: the groups that are read. Everything else is dropped unopened.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/frame/words.hpp"
#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/cli/terminal/table.hpp"
#include "ingest/export/json_text.hpp"
#include "vestari/base/jid.hpp"

namespace vestari::cli {
namespace {

using ingest::GroupEntry;
using terminal::Align;
using terminal::Role;

struct Options {
    std::vector<std::string> groups;
    std::optional<std::string> currency;
};

// A group's JID as it stands, or that of the listed group with exactly this name.
std::string jid_of(const std::string& word, const std::vector<GroupEntry>& listed) {
    if (const auto jid = Jid::parse(word); jid && jid->is_group()) {
        return jid->to_string();
    }
    if (word.ends_with("@g.us")) {
        throw Failure{ExitCode::usage, fmt::format("\"{}\" is not a group's JID", word),
                      "a group's JID looks like 120363040000000001@g.us"};
    }
    std::vector<std::string> found;
    for (const GroupEntry& group : listed) {
        if (group.name == word) {
            found.push_back(group.jid);
        }
    }
    if (found.size() == 1) {
        return found.front();
    }
    if (found.empty() && word.find('@') != std::string::npos) {
        throw Failure{ExitCode::usage,
                      fmt::format("\"{}\" is not a group: only groups can be included", word),
                      "a group's JID ends with @g.us"};
    }
    throw Failure{ExitCode::differs,
                  found.empty() ? fmt::format("no group named \"{}\" is known", word)
                                : fmt::format("{} groups are named \"{}\"", found.size(), word),
                  "give its JID, such as 120363040000000001@g.us"};
}

// All words are looked at before anything is changed.
std::vector<std::string> jids_of(const std::vector<std::string>& words,
                                 const ingest::Archive& archive) {
    const std::vector<GroupEntry> listed = archive.groups();
    std::vector<std::string> jids;
    jids.reserve(words.size());
    for (const std::string& word : words) {
        jids.push_back(jid_of(word, listed));
    }
    return jids;
}

ExitCode add(const Options& options, Context& context) {
    std::optional<Currency> currency;
    if (options.currency) {
        currency = read_currency("--currency", *options.currency);
    }
    Opened opened = open_account(context);
    const std::vector<std::string> jids = jids_of(options.groups, opened.archive);
    for (const std::string& jid : jids) {
        const auto before = opened.archive.group(jid);
        GroupEntry group = before.value_or(GroupEntry{jid, "", std::nullopt});
        group.currency = currency ? currency : group.currency;
        opened.archive.include(group);
        context.say(fmt::format(
            "{} {}{}",
            before ? "still included:" : "included:", group.name.empty() ? jid : group.name,
            group.currency
                ? fmt::format(", prices in {} unless they say otherwise", group.currency->code())
                : ""));
    }
    return ExitCode::ok;
}

ExitCode remove(const Options& options, Context& context) {
    Opened opened = open_account(context);
    const std::vector<std::string> jids = jids_of(options.groups, opened.archive);
    ExitCode code = ExitCode::ok;
    for (const std::string& jid : jids) {
        if (opened.archive.exclude(jid)) {
            context.say(fmt::format("no longer included: {}. Its deals stay", jid));
        } else {
            context.say(fmt::format("was not included: {}", jid));
            code = ExitCode::differs;
        }
    }
    return code;
}

void print_json(const Context& context, const std::vector<GroupEntry>& groups) {
    std::string json = "[";
    for (const GroupEntry& group : groups) {
        json += &group == &groups.front() ? "\n{\"jid\":" : ",\n{\"jid\":";
        ingest::append_json_string(json, group.jid);
        json += ",\"name\":";
        if (group.name.empty()) {
            json += "null";
        } else {
            ingest::append_json_string(json, group.name);
        }
        json += group.currency ? fmt::format(",\"currency\":\"{}\"}}", group.currency->code())
                               : std::string{",\"currency\":null}"};
    }
    context.print(json + (groups.empty() ? "]\n" : "\n]\n"));
}

ExitCode list(Context& context) {
    const Opened opened = open_account(context);
    const std::vector<GroupEntry> groups = opened.archive.groups();
    if (context.json) {
        print_json(context, groups);
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
