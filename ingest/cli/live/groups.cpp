// `vestari groups`: the groups that the phone is in, included or not.
#include <algorithm>

#include <fmt/format.h>

#include "ingest/cli/access/running.hpp"
#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/terminal/table.hpp"
#include "ingest/cli/view/groups.hpp"
#include "ingest/export/json_text.hpp"

namespace vestari::cli {
namespace {

using terminal::Align;
using terminal::Role;

struct Line {
    PhoneGroup group;
    bool included = false;
};

// The archive's include-list is what counts; groups that the phone has left since still stand on it.
std::vector<Line> lines_of(Opened& opened) {
    const std::vector<ingest::GroupEntry> listed = opened.archive->groups();
    auto of_phone = groups_of_phone(opened.config, opened.account);
    if (!of_phone) {
        throw bridge_needed();
    }
    std::vector<Line> lines;
    for (PhoneGroup& group : *of_phone) {
        const bool included = std::any_of(listed.begin(), listed.end(), [&](const auto& entry) {
            return entry.jid == group.jid;
        });
        lines.push_back({std::move(group), included});
    }
    std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
        return std::tie(a.group.name, a.group.jid) < std::tie(b.group.name, b.group.jid);
    });
    return lines;
}

void print_json(const Context& context, const std::vector<Line>& lines) {
    std::string json = "[";
    for (const Line& line : lines) {
        json += &line == &lines.front() ? "\n{\"jid\":" : ",\n{\"jid\":";
        ingest::append_json_string(json, line.group.jid);
        json += ",\"name\":";
        ingest::append_json_string(json, line.group.name);
        json += fmt::format(",\"members\":{},\"included\":{}}}", line.group.members, line.included);
    }
    context.print(json + (lines.empty() ? "]\n" : "\n]\n"));
}

ExitCode run(Context& context) {
    Opened opened = open_account(context);
    const std::vector<Line> lines = lines_of(opened);
    if (context.json) {
        print_json(context, lines);
        return ExitCode::ok;
    }
    if (lines.empty()) {
        context.say("no group is known yet: the list comes with the connection\n   next: vestari "
                    "status says whether it is connected");
        return ExitCode::differs;
    }
    terminal::Table table{{{"Group", Align::left, 3, 12},
                           {"JID", Align::left, 4, 0},
                           {"Members", Align::right, 1, 0},
                           {"", Align::left, 2, 0}}};
    for (const Line& line : lines) {
        table.add({{line.group.name.empty() ? "not known yet" : line.group.name,
                    line.group.name.empty() ? Role::faint : Role::plain},
                   {line.group.jid},
                   {std::to_string(line.group.members)},
                   {line.included ? "included" : "", Role::good}});
    }
    context.print(table.render(context.out));
    context.flush();
    if (context.out.terminal) {
        context.say("vestari include add NAME reads one; the others are never opened");
    }
    return ExitCode::ok;
}

} // namespace

Command groups_command() {
    Command command;
    command.name = "groups";
    command.summary = "lists the groups that the phone is in, and which are read";
    command.json = Json::yes;
    command.examples = {
        {"vestari groups", "names, members, included or not"},
        {"vestari groups --json | jq -r '.[] | select(.included) | .name'", "those that are read"}};
    command.run = run;
    return command;
}

} // namespace vestari::cli
