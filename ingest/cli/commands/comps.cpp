// `vestari comps REFERENCE`: what a reference was offered and sold at.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/frame/words.hpp"
#include "ingest/cli/terminal/chart.hpp"
#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/cli/terminal/width.hpp"
#include "ingest/exchange/answers.hpp"
#include "vestari/ingest/query.hpp"

namespace vestari::cli {
namespace {

using ingest::PriceHistory;
using ingest::PriceStats;
using ingest::exchange::enough_prices;
using ingest::exchange::month_text;
using ingest::exchange::trend_of;
using terminal::Look;
using terminal::Role;

constexpr int longest_gap = 4; // months between two prices, each of which the chart shows

struct Options {
    std::vector<std::string> words;
    std::optional<std::string> currency, since, until;
};

void print_title(const Context& context, const PriceHistory& history) {
    const Look& look = context.out;
    const std::string name =
        history.brand.empty() ? history.reference : history.brand + " " + history.reference;
    std::string facts =
        fmt::format("{} {} in {}", history.all.count, history.all.count == 1 ? "price" : "prices",
                    history.currency->code());
    const std::string first = month_text(history.months.front().month);
    const std::string last = month_text(history.months.back().month);
    facts += first == last ? fmt::format(" {} {}", look.dot(), first)
                           : fmt::format(" {} {} {} {}", look.dot(), first, look.dash(), last);
    context.print(look.paint(Role::strong, terminal::one_line(name)) + "  " +
                  look.paint(Role::faint, facts) + "\n\n");
}

void print_numbers(const Context& context, const PriceHistory& history) {
    const Look& look = context.out;
    const PriceStats& all = history.all;
    const auto amount = [&](std::int64_t minor) { return show_amount(minor, *history.currency); };
    const auto line = [&](std::string_view name, const std::string& value) {
        context.print(
            fmt::format("  {} {}\n", look.paint(Role::faint, terminal::pad(name, 10)), value));
    };
    if (all.count < enough_prices) {
        line("range", all.lowest == all.highest ? amount(all.lowest)
                                                : fmt::format("{} {} {}", amount(all.lowest),
                                                              look.dash(), amount(all.highest)));
        context.print(fmt::format("  {} too few for a median and quartiles: {} of at least {}\n",
                                  terminal::pad("", 10), all.count, enough_prices));
        return;
    }
    line("median", look.paint(Role::strong, show_money(all.median, *history.currency)));
    line("quartiles", fmt::format("{} {} {}", amount(all.lower_quartile), look.dash(),
                                  amount(all.upper_quartile)));
    line("range", fmt::format("{} {} {}", amount(all.lowest), look.dash(), amount(all.highest)));
    if (const auto trend = trend_of(history)) {
        const std::int64_t size = trend->permille < 0 ? -trend->permille : trend->permille;
        line("trend",
             fmt::format("{}{}.{} % from {} to {}", trend->permille < 0 ? "-" : "+", size / 10,
                         size % 10, month_text(trend->from), month_text(trend->to)));
    }
}

void print_chart(const Context& context, const PriceHistory& history) {
    std::vector<terminal::Box> boxes;
    std::chrono::year_month before{};
    for (const auto& [month, stats] : history.months) {
        if (!boxes.empty() && month - before > std::chrono::months{longest_gap}) {
            boxes.push_back({std::string{context.out.ellipsis()}, 0, 0, 0, 0, 0, 0, ""});
        } else if (!boxes.empty()) {
            for (before += std::chrono::months{1}; before < month;
                 before += std::chrono::months{1}) {
                boxes.push_back({month_text(before), 0, 0, 0, 0, 0, 0, ""});
            }
        }
        before = month;
        boxes.push_back({month_text(month), stats.count, stats.lowest, stats.lower_quartile,
                         stats.median, stats.upper_quartile, stats.highest,
                         show_amount(stats.median, *history.currency)});
    }
    context.print("\n" + terminal::box_plot(context.out, boxes,
                                            show_amount(history.all.lowest, *history.currency),
                                            show_amount(history.all.highest, *history.currency)));
}

void print_rest(const Context& context, const PriceHistory& history) {
    std::string also;
    for (const ingest::CurrencyCount& other : history.currencies) {
        if (other.currency != *history.currency) {
            also += fmt::format("{}{} in {}", also.empty() ? "" : ", ", other.count,
                                other.currency.code());
        }
    }
    context.flush();
    if (!also.empty()) {
        context.say(fmt::format("\nalso {}: --currency CODE shows them", also));
    }
    if (history.unsure != 0) {
        context.say(fmt::format("{}{} more {} left out, not sure enough", also.empty() ? "\n" : "",
                                history.unsure, history.unsure == 1 ? "was" : "were"));
    }
}

ExitCode run(const Options& options, Context& context) {
    ingest::PriceQuery query;
    query.reference = fmt::format("{}", fmt::join(options.words, " "));
    const TimePoint now = context.clock.now();
    if (options.currency) {
        query.currency = read_currency("--currency", *options.currency);
    }
    if (options.since) {
        query.since = read_day("--since", *options.since, Edge::first_day, now);
    }
    if (options.until) {
        query.until = read_day("--until", *options.until, Edge::last_day, now);
    }
    const Opened opened = open_account(context);
    const PriceHistory history = opened.archive->price_history(query);
    if (context.json) {
        std::string json;
        ingest::exchange::append_json(json, history);
        context.print(json);
        return ExitCode::ok;
    }
    if (history.all.count == 0 || !history.currency) {
        context.say(fmt::format(
            "no price of {} is known{}", query.reference,
            history.unsure == 0 ? "" : fmt::format(" for sure; {} unsure", history.unsure)));
        return ExitCode::differs;
    }
    print_title(context, history);
    print_numbers(context, history);
    print_chart(context, history);
    print_rest(context, history);
    return ExitCode::ok;
}

} // namespace

Command comps_command() {
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "comps";
    command.summary = "shows what a reference was offered and sold at";
    command.description = "Asking and selling prices of one reference: count, median, quartiles, "
                          "and the trend by month with a "
                          "chart. Bids, withdrawn offers and unsure readings do not count.";
    command.json = Json::yes;
    command.parameters = {
        {"REFERENCE", "", "such as 126610LN or 5711/1A", &options->words, Takes::text,
         Need::required},
        {"--currency", "CODE", "prices in this currency; else the one with the most prices",
         &options->currency},
        {"--since", "DAY", "from this day on: 2026-03-05, 2026-03, 30d, 6w, 3m, 1y",
         &options->since},
        {"--until", "DAY", "up to this day", &options->until}};
    command.examples = {
        {"vestari comps 126610LN", "all that is known"},
        {"vestari comps 5711/1A --since 1y --currency HKD", "a year of prices in HKD"}};
    command.run = [options](Context& context) { return run(*options, context); };
    return command;
}

} // namespace vestari::cli
