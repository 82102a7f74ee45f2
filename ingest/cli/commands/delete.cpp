// `vestari delete DEAL…` and `vestari purge`: deals that go for good.
#include <memory>

#include <fmt/format.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/ask.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/frame/pick.hpp"
#include "ingest/cli/terminal/width.hpp"
#include "ingest/cli/view/deals.hpp"

namespace vestari::cli {
namespace {

struct Options {
    std::vector<std::string> deals;
    bool dry_run = false;
    bool yes = false;
};

constexpr const char* nothing_deleted = "nothing was deleted";

std::string deals_text(std::size_t count) {
    return fmt::format("{} {}", terminal::grouped(static_cast<long long>(count)),
                       count == 1 ? "deal" : "deals");
}

ExitCode delete_some(const Options& options, Context& context) {
    Opened opened = open_account(context);
    const auto deals = pick_deals(*opened.archive, options.deals, ingest::Content::opened);
    if (!options.yes || options.dry_run) {
        terminal::Table table = deals_table();
        for (const ingest::StoredDeal& deal : deals) {
            add_deal(table, deal);
        }
        context.print(table.render(context.out));
    }
    if (options.dry_run) {
        context.say(fmt::format("would delete {}, with their messages and history",
                                deals_text(deals.size())));
        return ExitCode::ok;
    }
    if (!options.yes) {
        confirm(context,
                fmt::format("Delete {} for good, with their messages and history?",
                            deals_text(deals.size())),
                nothing_deleted);
    }
    std::vector<ingest::DealId> ids;
    ids.reserve(deals.size());
    for (const ingest::StoredDeal& deal : deals) {
        ids.push_back(deal.id);
    }
    context.say(fmt::format("deleted {}", deals_text(opened.archive->delete_deals(ids))));
    return ExitCode::ok;
}

ExitCode purge_all(const Options& options, Context& context) {
    Opened opened = open_account(context);
    const std::size_t deals = opened.archive->count().deals;
    if (options.dry_run) {
        context.say(fmt::format("would delete all {} of account \"{}\"", deals_text(deals),
                                opened.account.name));
        return ExitCode::ok;
    }
    if (!options.yes) {
        confirm(context,
                fmt::format("Delete all {} of account \"{}\" for good?", deals_text(deals),
                            opened.account.name),
                nothing_deleted);
    }
    context.say(fmt::format("deleted {}; the include-list and the key stay",
                            deals_text(opened.archive->purge())));
    return ExitCode::ok;
}

void add_safety(Command& command, Options& options) {
    command.parameters.push_back(
        {"--dry-run", "", "shows what would go, and changes nothing", &options.dry_run});
    command.parameters.push_back({"--yes", "", "does not ask", &options.yes});
}

} // namespace

Command delete_command() {
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "delete";
    command.summary = "deletes deals for good";
    command.description = "Asks first. What is deleted is overwritten on disk; a replay of the "
                          "same messages does not bring it back.";
    command.parameters = {{"DEAL", "", "its id, or the beginning of it", &options->deals,
                           Takes::text, Need::required}};
    add_safety(command, *options);
    command.examples = {
        {"vestari delete 3f9c21aa --dry-run", "what would go?"},
        {"vestari delete 3f9c21aa 77b0c2d4 --yes", "two deals, without a question"}};
    command.run = [options](Context& context) { return delete_some(*options, context); };
    return command;
}

Command purge_command() {
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "purge";
    command.summary = "deletes every deal of the account for good";
    command.description = "Asks first. Configuration, key and include-list stay.";
    add_safety(command, *options);
    command.examples = {{"vestari purge --dry-run", "how many would go?"}};
    command.run = [options](Context& context) { return purge_all(*options, context); };
    return command;
}

} // namespace vestari::cli
