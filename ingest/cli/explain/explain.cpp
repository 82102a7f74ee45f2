#include "ingest/cli/explain/explain.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "ingest/cli/frame/words.hpp"
#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/cli/terminal/table.hpp"
#include "ingest/cli/view/deals.hpp"
#include "ingest/export/deal_json.hpp"
#include "ingest/export/json_text.hpp"

namespace vestari::cli {
namespace {

using terminal::Align;
using terminal::Look;
using terminal::Role;

Role role_of(std::string_view field) {
    if (field == "reference" || field == "model") {
        return Role::accent;
    }
    if (field == "price" || field == "list_pct") {
        return Role::good;
    }
    return field == "side" || field == "availability" ? Role::warning : Role::strong;
}

template <class Enum> std::string word(const std::optional<Enum>& value) {
    return value ? std::string{parser::to_string(*value)} : std::string{};
}

std::string number(const std::optional<int>& value) {
    return value ? fmt::format("{}", *value) : std::string{};
}

// What the deal says in a field that a place of the text gave.
std::string value_of(const parser::Deal& deal, std::string_view field) {
    const std::map<std::string_view, std::string> values{
        {"reference", deal.reference.value_or("")},
        {"model", deal.model.value_or("")},
        {"side", std::string{parser::to_string(deal.side)}},
        {"price", price_text(deal)},
        {"list_pct", price_text(deal)},
        {"condition", word(deal.condition)},
        {"set", word(deal.set)},
        {"bracelet", word(deal.bracelet)},
        {"metal", word(deal.metal)},
        {"availability", word(deal.availability)},
        {"year", number(deal.year)},
        {"month", number(deal.month)},
        {"dial", deal.dial.value_or("")},
        {"qty", fmt::format("{}", deal.qty)},
        {"location", deal.location.value_or("")}};
    const auto found = values.find(field);
    return found == values.end() ? std::string{} : found->second;
}

std::string_view words_at(const Explained& message, const parser::Span& span) {
    const std::string_view from = span.in_quote ? message.quoted : message.text;
    return span.from <= span.to && span.to <= from.size()
               ? from.substr(span.from, span.to - span.from)
               : std::string_view{};
}

// The places of all deals that are shown in the text: in its order, none within another.
class Places {
public:
    explicit Places(const Explained& message) {
        for (const parser::Deal& deal : message.deals) {
            for (const parser::Evidence& one : deal.evidence) {
                if (!words_at(message, one.span).empty()) {
                    all_.push_back({one.span, role_of(one.field)});
                }
            }
        }
        std::ranges::sort(all_, [](const Place& a, const Place& b) {
            const auto size = [](const Place& p) { return p.span.to - p.span.from; };
            return std::tuple{a.span.in_quote, size(a), a.span.from, a.role} <
                   std::tuple{b.span.in_quote, size(b), b.span.from, b.role};
        });
        std::vector<Place> apart; // shorter ones first: a reply's whole text gives way to them
        for (const Place& place : all_) {
            if (std::ranges::none_of(apart, [&](const Place& p) { return meet(p, place); })) {
                apart.push_back(place);
            }
        }
        std::ranges::sort(apart, {},
                          [](const Place& p) { return std::pair{p.span.in_quote, p.span.from}; });
        all_ = std::move(apart);
    }

    std::string number_of(const parser::Span& span) const {
        const auto found =
            std::ranges::find_if(all_, [&](const Place& p) { return p.span == span; });
        return found == all_.end() ? std::string{} : fmt::format("{}", found - all_.begin() + 1);
    }

    // The text with "[2 126610LN]" where a place is.
    std::string marked(std::string_view text, bool in_quote, const Look& look) const {
        std::string out;
        std::size_t at = 0;
        for (std::size_t i = 0; i < all_.size(); ++i) {
            const parser::Span& span = all_[i].span;
            if (span.in_quote != in_quote) {
                continue;
            }
            out += terminal::paragraph(text.substr(at, span.from - at));
            out += look.paint(
                all_[i].role,
                fmt::format("[{} {}]", i + 1,
                            terminal::one_line(text.substr(span.from, span.to - span.from))));
            at = span.to;
        }
        return out + terminal::paragraph(text.substr(at));
    }

private:
    struct Place {
        parser::Span span;
        Role role;
    };
    static bool meet(const Place& a, const Place& b) {
        return a.span.in_quote == b.span.in_quote && a.span.from < b.span.to &&
               b.span.from < a.span.to;
    }
    std::vector<Place> all_;
};

std::string indented(const std::string& text) {
    std::string out = "  ";
    for (const char c : text) {
        out += c;
        if (c == '\n') {
            out += "  ";
        }
    }
    return out + "\n";
}

std::string fields_of(const Explained& message, const parser::Deal& deal, const Places& places,
                      const Look& look) {
    terminal::Table table{{{"#", Align::right, 4, 0},
                           {"Field", Align::left, 4, 0},
                           {"Value", Align::left, 4, 8},
                           {"Words", Align::left, 2, 8},
                           {"Rule", Align::left, 3, 0}}};
    for (const parser::Evidence& one : deal.evidence) {
        const std::string words = terminal::one_line(words_at(message, one.span));
        table.add({{places.number_of(one.span), Role::faint},
                   {std::string{one.field}, role_of(one.field)},
                   {value_of(deal, one.field)},
                   {one.span.in_quote ? words + " (answered message)" : words},
                   {std::string{one.rule}, Role::faint}});
    }
    return table.render(look);
}

void append_field(std::string& out, const Explained& message, const parser::Deal& deal,
                  const parser::Evidence& one) {
    const auto text = [&](std::string_view name, std::string_view value) {
        out += out.back() == '{' ? "\"" : ",\"";
        out += name;
        out += "\":";
        ingest::append_json_string(out, value);
    };
    out += '{';
    text("field", one.field);
    text("value", value_of(deal, one.field));
    text("words", words_at(message, one.span));
    text("rule", one.rule);
    out += fmt::format(",\"span\":[{},{}]", one.span.from, one.span.to);
    text("in", one.span.in_quote ? "quoted" : "text");
    out += '}';
}

} // namespace

std::string explain(const Explained& message, const Look& look) {
    const Places places{message};
    std::string out = look.paint(Role::faint, terminal::one_line(message.id)) + "\n" +
                      indented(places.marked(message.text, false, look));
    if (!message.quoted.empty()) {
        out += look.paint(Role::faint, "answers") + "\n" +
               indented(places.marked(message.quoted, true, look));
    }
    if (message.deals.empty()) {
        return out + "no deal\n";
    }
    for (const parser::Deal& deal : message.deals) {
        out += "\n" + look.paint(Role::strong, terminal::one_line(watch_text(deal))) +
               look.paint(Role::faint,
                          fmt::format("  confidence {:.2f}\n", ingest::rounded(deal.confidence))) +
               fields_of(message, deal, places, look);
    }
    return out;
}

void append_explained_json(std::string& out, const Explained& message) {
    out += "{\"id\":";
    ingest::append_json_string(out, message.id);
    out += ",\"deals\":[";
    for (const parser::Deal& deal : message.deals) {
        out += out.back() == '[' ? "" : ",";
        ingest::append_json(out, deal, message.text, message.quoted);
        out.pop_back(); // its closing brace: the fields' places are part of the deal
        out += ",\"fields\":[";
        for (const parser::Evidence& one : deal.evidence) {
            out += out.back() == '[' ? "" : ",";
            append_field(out, message, deal, one);
        }
        out += "]}";
    }
    out += "]}\n";
}

} // namespace vestari::cli
