// `vestari show DEAL`: one deal with its source and history; with --on-disk, how its row rests there.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/frame/pick.hpp"
#include "ingest/cli/frame/words.hpp"
#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/cli/view/deals.hpp"
#include "ingest/export/deal_json.hpp"
#include "ingest/export/json_text.hpp"

namespace vestari::cli {
namespace {

using terminal::Align;
using terminal::Cell;
using terminal::Role;

struct Options {
    std::vector<std::string> deals;
    bool on_disk = false;
};

class Facts {
public:
    explicit Facts(const Context& context) : context_{context} {}

    void line(std::string_view name, std::string_view value) const {
        if (value.empty()) {
            return;
        }
        constexpr std::size_t margin = 15;
        const std::string text =
            terminal::wrap(terminal::one_line(value), context_.out.columns(), margin);
        context_.print(fmt::format("  {} {}\n",
                                   context_.out.paint(Role::faint, terminal::pad(name, 12)), text));
    }

private:
    const Context& context_;
};

std::string when(TimePoint at) {
    return ingest::rfc3339(std::chrono::floor<std::chrono::seconds>(at));
}

void print_deal(const Context& context, Access& archive, const ingest::StoredDeal& deal) {
    const parser::Deal& facts = deal.facts;
    const Facts out{context};
    context.print(context.out.paint(Role::strong, terminal::one_line(watch_text(facts))) + "\n");
    out.line("deal", deal.id.to_string());
    out.line("side", parser::to_string(facts.side));
    out.line("price", price_text(facts));
    if (facts.price && facts.price_prev_minor) {
        out.line("before", show_money(*facts.price_prev_minor, facts.price->currency));
    }
    for (const Money& other : facts.alt_prices) {
        out.line("or", show_money(other.minor, other.currency));
    }
    out.line("settlement", facts.settlement ? parser::to_string(*facts.settlement) : "");
    out.line("pieces", facts.qty > 1 ? fmt::format("{}", facts.qty) : "");
    out.line("condition", facts.condition ? spaced(parser::to_string(*facts.condition)) : "");
    out.line("set", facts.set ? spaced(parser::to_string(*facts.set)) : "");
    out.line("card", card_text(facts));
    out.line("dial", facts.dial.value_or(""));
    out.line("bracelet", facts.bracelet ? spaced(parser::to_string(*facts.bracelet)) : "");
    out.line("metal", facts.metal ? spaced(parser::to_string(*facts.metal)) : "");
    out.line("place", facts.location.value_or(""));
    out.line("availability", facts.availability ? parser::to_string(*facts.availability) : "");
    out.line("notes", facts.notes);
    out.line("date", ingest::iso_date(deal.deal_date));
    out.line("status", ingest::to_string(deal.status));
    out.line("confidence", fmt::format("{:.2f}", ingest::rounded(facts.confidence)));
    out.line("group", group_text(deal.source));
    out.line("sender", deal.source.sender_name.empty()
                           ? deal.source.sender
                           : fmt::format("{} ({})", deal.source.sender_name, deal.source.sender));
    out.line("message", deal.source.text);
    out.line("answers", deal.source.quoted);
    const auto sightings = archive.sightings_of(deal.id);
    if (sightings.size() > 1) {
        for (const ingest::StoredDeal& sighting : sightings) {
            out.line("seen", fmt::format("{}  {}  {}", when(sighting.first_seen),
                                         price_text(sighting.facts), group_text(sighting.source)));
        }
    } else {
        out.line("seen", when(deal.first_seen));
    }
}

// What a column holds, as somebody who has the disk and no key can tell.
Cell kind_of(const ingest::RawColumn& column) {
    constexpr std::string_view by_index_key[] = {"fingerprint", "chat", "sender", "message"};
    if (column.sealed) {
        return {"sealed", Role::good};
    }
    const bool blind = std::find(std::begin(by_index_key), std::end(by_index_key), column.name) !=
                       std::end(by_index_key);
    return blind ? Cell{"HMAC", Role::good} : Cell{"plain", Role::faint};
}

void print_row(const Context& context, Access& archive, const ingest::StoredDeal& deal) {
    constexpr std::size_t longest = 64; // a sealed value says no more when it is shown whole
    context.print("\n" + context.out.paint(Role::strong, "on disk") + "\n");
    terminal::Table table{
        {{"Column", Align::left, 3, 0}, {"As", Align::left, 2, 0}, {"Value", Align::left, 1, 12}}};
    for (const ingest::RawColumn& column : archive.raw_row(deal.id)) {
        if (!column.value.empty()) {
            table.add({{column.name},
                       kind_of(column),
                       {terminal::fit(column.value, longest, context.out.ellipsis()),
                        column.sealed ? Role::faint : Role::plain}});
        }
    }
    context.print(table.render(context.out));
}

ExitCode run(const Options& options, Context& context) {
    const Opened opened = open_account(context);
    const auto deals = pick_deals(*opened.archive, options.deals, ingest::Content::opened);
    std::string json = "[";
    for (const ingest::StoredDeal& deal : deals) {
        if (context.json) {
            json += &deal == &deals.front() ? "\n" : ",\n";
            ingest::append_json(json, deal);
            continue;
        }
        context.print(&deal == &deals.front() ? "" : "\n");
        print_deal(context, *opened.archive, deal);
        if (options.on_disk) {
            print_row(context, *opened.archive, deal);
        }
    }
    if (context.json) {
        context.print(json + "\n]\n");
    }
    return ExitCode::ok;
}

} // namespace

Command show_command() {
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "show";
    command.summary = "shows deals in full, with the message each comes from";
    command.json = Json::yes;
    command.parameters = {
        {"DEAL", "", "its id, or the beginning of it", &options->deals, Takes::text,
         Need::required},
        {"--on-disk", "", "and its row as it rests on disk, sealed", &options->on_disk}};
    command.examples = {
        {"vestari show 3f9c21aa", "one deal"},
        {"vestari show 3f9c21aa --on-disk", "what somebody who steals the disk would see of it"}};
    command.run = [options](Context& context) { return run(*options, context); };
    return command;
}

} // namespace vestari::cli
