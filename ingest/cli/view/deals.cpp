#include "ingest/cli/view/deals.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/cli/frame/words.hpp"
#include "ingest/export/json_text.hpp"

namespace vestari::cli {
namespace {

using ingest::DealStatus;
using ingest::StoredDeal;
using terminal::Align;
using terminal::Cell;
using terminal::Role;

Role role_of(parser::Side side) {
    switch (side) {
    case parser::Side::sell: return Role::good;
    case parser::Side::buy: return Role::accent;
    case parser::Side::trade: return Role::warning;
    case parser::Side::sold:
    case parser::Side::unknown: return Role::faint;
    }
    return Role::plain;
}

} // namespace

std::string card_text(const parser::Deal& deal) {
    if (!deal.year) {
        return deal.month ? fmt::format("month {}", *deal.month) : std::string{};
    }
    return deal.month ? fmt::format("{}-{:02}", *deal.year, *deal.month)
                      : fmt::format("{}", *deal.year);
}

std::string spaced(std::string_view word) {
    std::string text{word};
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string short_id(ingest::DealId id) { return id.to_string().substr(0, short_id_digits); }

std::string price_text(const parser::Deal& deal) {
    if (!deal.price) {
        return deal.list_pct ? fmt::format("{:+g} % of list", *deal.list_pct) : std::string{};
    }
    if (deal.price_max_minor) {
        return fmt::format("{}–{}", show_amount(deal.price->minor, deal.price->currency),
                           show_money(*deal.price_max_minor, deal.price->currency));
    }
    return show_money(deal.price->minor, deal.price->currency);
}

std::string watch_text(const parser::Deal& deal) {
    const std::string& what = deal.reference ? *deal.reference
                              : deal.model   ? *deal.model
                                             : deal.brand;
    return deal.brand.empty() || what == deal.brand ? what : deal.brand + " " + what;
}

std::string group_text(const ingest::Source& source) {
    return source.group_name.empty() ? source.group : source.group_name;
}

terminal::Table deals_table() {
    return terminal::Table{{{"Date", Align::left, 7, 0},
                            {"Side", Align::left, 9, 0},
                            {"Brand", Align::left, 6, 9},
                            {"Reference", Align::left, 11, 16},
                            {"Dial", Align::left, 3, 5},
                            {"Card", Align::left, 4, 0},
                            {"Condition", Align::left, 5, 0},
                            {"Set", Align::left, 4, 0},
                            {"Price", Align::right, 10, 0},
                            {"Status", Align::left, 6, 0},
                            {"Seen", Align::right, 1, 0},
                            {"Group", Align::left, 2, 10},
                            {"Deal", Align::left, 8, 0}}};
}

void add_deal(terminal::Table& table, const StoredDeal& deal) {
    const parser::Deal& facts = deal.facts;
    const bool gone = deal.status != DealStatus::active;
    const Role role = gone ? Role::faint : Role::plain;
    const std::string what = facts.reference ? *facts.reference : facts.model.value_or("");
    table.add(
        {Cell{ingest::iso_date(deal.deal_date), Role::faint},
         Cell{std::string{parser::to_string(facts.side)}, gone ? Role::faint : role_of(facts.side)},
         Cell{facts.brand, role},
         Cell{facts.qty > 1 ? fmt::format("{} ×{}", what, facts.qty) : what,
              gone ? Role::faint : Role::strong},
         Cell{facts.dial.value_or(""), role}, Cell{card_text(facts), role},
         Cell{facts.condition ? spaced(parser::to_string(*facts.condition)) : "", role},
         Cell{facts.set ? spaced(parser::to_string(*facts.set)) : "", role},
         Cell{price_text(facts), role},
         Cell{gone ? std::string{ingest::to_string(deal.status)} : "", Role::faint},
         Cell{deal.sightings > 1 ? fmt::format("{}×", deal.sightings) : "", Role::faint},
         Cell{group_text(deal.source), Role::faint}, Cell{short_id(deal.id), Role::faint}});
}

} // namespace vestari::cli
