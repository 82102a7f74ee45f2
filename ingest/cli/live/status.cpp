// `vestari status`: how all of it is, from both daemons.
#include <fmt/format.h>

#include "ingest/cli/access/running.hpp"
#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/cli/terminal/table.hpp"
#include "ingest/cli/terminal/width.hpp"
#include "ingest/cli/view/house.hpp"

namespace vestari::cli {
namespace {

using terminal::Align;
using terminal::Role;

std::optional<std::string> status_of(const std::filesystem::path& socket) {
    const auto response = ask_running(socket, {service::Method::get, "/v1/status", {}});
    return response && response->status == 200 ? std::optional{response->body} : std::nullopt;
}

// Without ingest: what can be said of the archive by opening it here.
void look_into_archive(const Context& context, const config::Config& config,
                       const config::Account& account, HouseAccount& house) {
    try {
        const auto archive = open_access(context, config, account);
        const ingest::ArchiveCounts counts = archive->count();
        house.messages = counts.messages;
        house.deals = counts.deals;
        house.outbox = counts.outbox;
        for (const ingest::GroupEntry& group : archive->groups()) {
            house.groups.push_back({group.jid, group.name, true, std::nullopt, std::nullopt});
        }
    } catch (const Failure& failure) {
        house.warnings.push_back(
            {"archive", "the archive cannot be looked at", failure.problem(), failure.next()});
    } catch (const ingest::StorageFailure& failure) {
        house.warnings.push_back(
            {"archive", "the archive cannot be looked at", failure.what(), "vestari doctor"});
    }
}

std::vector<HouseAccount> look(const Context& context, const config::Config& config) {
    const auto bridge = status_of(bridge_socket(config));
    const auto ingest = status_of(ingest_socket(config));
    std::vector<HouseAccount> accounts;
    for (const config::Account& account : config.accounts) {
        if (context.account_option && *context.account_option != account.name) {
            continue;
        }
        accounts.push_back(put_together(account.name, bridge, ingest));
        HouseAccount& house = accounts.back();
        if (ingest) {
            continue;
        }
        look_into_archive(context, config, account, house);
        if (bridge) {
            house.warnings.push_back({"ingest_down", "nothing reaches the archive at the moment",
                                      "vestari-ingest is not running",
                                      "start it: vestari up, or its unit"});
        }
    }
    return accounts;
}

Role role_of(const std::string& state) {
    if (state == "connected") {
        return Role::good;
    }
    return state == "connecting" || state == "linking" || state == "degraded" ||
                   state == "unlinked" || state == "waiting_for_keys"
               ? Role::warning
               : Role::bad;
}

class Lines {
public:
    explicit Lines(const Context& context) : context_{context} {}
    void line(std::string_view name, const std::string& value) const {
        if (!value.empty()) {
            constexpr std::size_t margin = 15;
            context_.print(fmt::format(
                "  {} {}\n", context_.out.paint(Role::faint, terminal::pad(name, 12)),
                terminal::wrap(terminal::one_line(value), context_.out.columns(), margin)));
        }
    }

private:
    const Context& context_;
};

std::string count_text(const std::optional<std::uint64_t>& count, std::string_view what) {
    return count ? fmt::format("{} {}", terminal::grouped(static_cast<long long>(*count)), what)
                 : std::string{};
}

std::string joined(std::initializer_list<std::string> parts) {
    std::string all;
    for (const std::string& part : parts) {
        all += part.empty() || all.empty() ? "" : ", ";
        all += part;
    }
    return all;
}

void print_groups(const Context& context, const HouseAccount& account) {
    if (account.groups.empty()) {
        return;
    }
    terminal::Table table{{{"Group", Align::left, 3, 12},
                           {"JID", Align::left, 1, 0},
                           {"Last message", Align::left, 2, 0},
                           {"", Align::left, 4, 0}}};
    for (const HouseGroup& group : account.groups) {
        const bool quiet = group.fresh == false;
        table.add({{group.name.empty() ? "not known yet" : group.name,
                    group.name.empty() ? Role::faint : Role::plain},
                   {group.jid, Role::faint},
                   {group.last_message_at.value_or("")},
                   {!group.fresh ? ""
                    : quiet      ? "quieter than usual"
                                 : "fresh",
                    quiet ? Role::warning : Role::good}});
    }
    context.print("\n" + table.render(context.out));
}

void print_account(const Context& context, const HouseAccount& account) {
    const terminal::Look& look = context.out;
    context.print(
        fmt::format("{}  {}\n", look.paint(Role::strong, terminal::one_line(account.name)),
                    look.paint(role_of(account.state), terminal::one_line(account.state))));
    const Lines out{context};
    out.line("why", account.why);
    out.line("since", account.since.value_or(""));
    out.line("linked",
             !account.linked ? "not known without the bridge"
             : !*account.linked
                 ? "no: vestari link"
                 : joined({account.me_pn, account.linked_since ? "since " + *account.linked_since
                                                               : std::string{}}));
    out.line("phone seen", account.phone_last_seen.value_or(""));
    out.line("last message", account.last_message_at().value_or(""));
    out.line("read", joined({count_text(account.seen, "seen"),
                             count_text(account.dropped, "dropped unopened"),
                             count_text(account.decrypted, "decrypted"),
                             count_text(account.undecryptable, "undecryptable")}));
    out.line("archive", joined({count_text(account.messages, "messages"),
                                count_text(account.deals, "deals")}));
    out.line("waiting", joined({count_text(account.spool, "for the archive"),
                                count_text(account.outbox, "for the sync")}));
    print_groups(context, account);
    for (const HouseWarning& warning : account.warnings) {
        context.print(
            fmt::format("\n{} {}\n", look.paint(Role::warning, "warning"),
                        terminal::wrap(terminal::one_line(joined({warning.text, warning.cause})),
                                       look.columns(), 8)));
        if (!warning.next.empty()) {
            context.print(fmt::format(
                "        {}\n",
                look.paint(Role::strong, terminal::wrap(terminal::one_line("next: " + warning.next),
                                                        look.columns(), 8))));
        }
    }
}

ExitCode run(Context& context) {
    const config::Config config = load_config(context);
    if (context.account_option) {
        choose_account(context, config); // a wrong name is said
    }
    const std::vector<HouseAccount> accounts = look(context, config);
    if (context.json) {
        context.print(house_json(accounts));
        return ExitCode::ok;
    }
    for (const HouseAccount& account : accounts) {
        context.print(&account == &accounts.front() ? "" : "\n");
        print_account(context, account);
    }
    return ExitCode::ok;
}

} // namespace

Command status_command() {
    Command command;
    command.name = "status";
    command.summary = "shows how the connection, the groups and the archive are";
    command.description = "Asks both daemons, where they run. A group is fresh when it is no "
                          "quieter than it usually is.";
    command.json = Json::yes;
    command.examples = {{"vestari status", "linked? connected? anything wrong?"},
                        {"vestari status --json | jq -r '.accounts[].state'", "for a script"}};
    command.run = run;
    return command;
}

} // namespace vestari::cli
