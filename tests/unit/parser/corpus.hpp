// The labelled corpus: reading its lines, running the parser on them, and the metric of deals/LABELS.md.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "vestari/parser/parser.hpp"

namespace vestari::parser::corpus {

struct LabelledMessage {
    std::string id, text, quoted;
    Context context; // `quoted` inside views the string above: set by context_of
    boost::json::array deals;
    std::vector<std::string> sensitive, tags;
};

inline std::string text_of(const boost::json::value& value) {
    return value.is_string() ? std::string{value.as_string()} : std::string{};
}

inline LabelledMessage read_message(std::string_view line) {
    const boost::json::object row =
        boost::json::parse(boost::json::string_view{line.data(), line.size()}).as_object();
    LabelledMessage message;
    message.id = text_of(row.at("id"));
    message.text = text_of(row.at("text"));
    message.quoted = text_of(row.at("quoted"));
    const auto& context = row.at("context").as_object();
    message.context.group_currency = Currency::parse(text_of(context.at("group_currency")));
    message.context.account_currency =
        Currency::parse(text_of(context.at("account_currency"))).value_or(Currency::of("USD"));
    message.context.event =
        text_of(context.at("event")) == "edit" ? MessageEvent::edit : MessageEvent::fresh;
    const std::string day = text_of(context.at("sent_at"));
    message.context.sent_at = std::chrono::year{std::stoi(day.substr(0, 4))} /
                              std::stoi(day.substr(5, 2)) / std::stoi(day.substr(8, 2));
    message.deals = row.at("deals").as_array();
    for (const auto& s : row.at("sensitive").as_array()) {
        message.sensitive.push_back(text_of(s));
    }
    for (const auto& s : row.at("tags").as_array()) {
        message.tags.push_back(text_of(s));
    }
    return message;
}

inline Context context_of(const LabelledMessage& message) {
    Context context = message.context;
    context.quoted = message.quoted;
    return context;
}

inline boost::json::object to_json(const Deal& deal) {
    boost::json::object row;
    const auto word = [&row](std::string_view key, const auto& value) {
        if (value) {
            const std::string_view text = to_string(*value);
            row[boost::json::string_view{key.data(), key.size()}] =
                boost::json::string{text.data(), text.size()};
        }
    };
    const auto number = [&row](const char* key, const auto& value) {
        if (value) {
            row[key] = *value;
        }
    };
    row["side"] = std::string{to_string(deal.side)};
    row["brand"] = deal.brand;
    if (deal.reference) {
        row["reference"] = *deal.reference;
    }
    if (deal.model) {
        row["model"] = *deal.model;
    }
    if (deal.price) {
        row["price_minor"] = deal.price->minor;
        row["currency"] = std::string{deal.price->currency.code()};
    }
    word("price_kind", deal.price_kind);
    word("settlement", deal.settlement);
    word("condition", deal.condition);
    word("set", deal.set);
    word("bracelet", deal.bracelet);
    word("metal", deal.metal);
    word("availability", deal.availability);
    number("price_max_minor", deal.price_max_minor);
    number("price_prev_minor", deal.price_prev_minor);
    number("list_pct", deal.list_pct);
    number("year", deal.year);
    number("month", deal.month);
    number("dial", deal.dial);
    number("location", deal.location);
    row["qty"] = deal.qty;
    row["notes"] = deal.notes;
    row["confidence"] = deal.confidence;
    return row;
}

inline std::string prediction_line(const LabelledMessage& message) {
    boost::json::array deals;
    for (const Deal& deal : parse(message.text, context_of(message))) {
        deals.push_back(to_json(deal));
    }
    return boost::json::serialize(
        boost::json::object{{"id", message.id}, {"deals", std::move(deals)}});
}

} // namespace vestari::parser::corpus
