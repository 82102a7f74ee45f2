// `vestari deals`: the archive as a table, newest first.
#include <memory>

#include <fmt/format.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/frame/words.hpp"
#include "ingest/cli/view/deals.hpp"
#include "ingest/export/deal_json.hpp"
#include "vestari/ingest/query.hpp"

namespace vestari::cli {
namespace {

struct Options {
    std::optional<std::string> brand, reference, since, until, side, currency, status, least, most,
        limit;
    bool all = false;
};

ingest::DealStatus status_of(const std::string& word) {
    for (const auto status :
         {ingest::DealStatus::edited, ingest::DealStatus::closed, ingest::DealStatus::revoked}) {
        if (ingest::to_string(status) == word) {
            return status;
        }
    }
    return ingest::DealStatus::active;
}

ingest::DealFilter filter_of(const Options& options, TimePoint now) {
    ingest::DealFilter filter;
    filter.brand = options.brand;
    filter.reference = options.reference;
    if (options.since) {
        filter.since = read_day("--since", *options.since, Edge::first_day, now);
    }
    if (options.until) {
        filter.until = read_day("--until", *options.until, Edge::last_day, now);
    }
    if (options.side) {
        filter.side = parser::enum_from<parser::Side>(*options.side);
    }
    if (options.currency) {
        filter.currency = read_currency("--currency", *options.currency);
    }
    if (options.least) {
        filter.min_major = read_amount("--min", *options.least);
    }
    if (options.most) {
        filter.max_major = read_amount("--max", *options.most);
    }
    if (options.limit) {
        filter.limit = read_count("--limit", *options.limit);
    }
    if (options.status) {
        filter.status = status_of(*options.status);
    }
    const bool superseded = options.all || filter.status == ingest::DealStatus::edited;
    filter.history = superseded ? ingest::History::everything : ingest::History::current;
    return filter;
}

void print_json(const Context& context, Access& archive, const ingest::DealFilter& filter) {
    std::string json = "[";
    bool any = false;
    archive.for_each_deal(filter, [&](const ingest::StoredDeal& deal) {
        json += any ? ",\n" : "\n";
        any = true;
        ingest::append_json(json, deal);
        context.print(json);
        json.clear();
        return ingest::Next::go_on;
    });
    context.print(json + (any ? "\n]\n" : "]\n"));
}

ExitCode run(const Options& options, Context& context) {
    const ingest::DealFilter filter = filter_of(options, context.clock.now());
    const Opened opened = open_account(context);
    if (context.json) {
        print_json(context, *opened.archive, filter);
        return ExitCode::ok;
    }
    terminal::Table table = deals_table();
    opened.archive->for_each_deal(filter, [&](const ingest::StoredDeal& deal) {
        add_deal(table, deal);
        return ingest::Next::go_on;
    });
    if (table.empty()) {
        context.say("no deal is like that");
        return ExitCode::differs;
    }
    context.print(table.render(context.out));
    context.flush();
    if (context.out.terminal) {
        context.say(fmt::format("{} {}", table.size(), table.size() == 1 ? "deal" : "deals"));
    }
    return ExitCode::ok;
}

} // namespace

Command deals_command() {
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "deals";
    command.summary = "shows the deals of the archive, newest first";
    command.description = "Columns that do not fit the terminal are left out, the least important "
                          "first; --json has everything.";
    command.json = Json::yes;
    command.parameters = {
        {"--brand", "NAME", "only this brand", &options->brand},
        {"--reference", "REF", "only this reference", &options->reference},
        {"--since", "DAY", "from this day on: 2026-03-05, 2026-03, 30d, 6w, 3m, 1y",
         &options->since},
        {"--until", "DAY", "up to this day", &options->until},
        {"--side",
         "SIDE",
         "sell, buy, trade, sold or unknown",
         &options->side,
         Takes::text,
         Need::optional,
         {"sell", "buy", "trade", "sold", "unknown"}},
        {"--min", "AMOUNT", "price from, in whole units of the deal's currency: 12000 or 12k",
         &options->least},
        {"--max", "AMOUNT", "price up to", &options->most},
        {"--currency", "CODE", "only prices in this currency", &options->currency},
        {"--status",
         "STATUS",
         "active, edited, closed or revoked",
         &options->status,
         Takes::text,
         Need::optional,
         {"active", "edited", "closed", "revoked"}},
        {"--all", "", "with those that an edit has superseded", &options->all},
        {"--limit", "N", "at most so many", &options->limit},
    };
    command.examples = {
        {"vestari deals --reference 126610LN --since 30d", "a month of one reference"},
        {"vestari deals --brand \"Patek Philippe\" --side sell --max 60k --currency USD",
         "what is offered below 60,000 USD"},
        {"vestari deals --json | jq '.[0]'", "the newest, with everything that is known of it"}};
    command.run = [options](Context& context) { return run(*options, context); };
    return command;
}

} // namespace vestari::cli
