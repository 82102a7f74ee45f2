#include "ingest/export/deal_json.hpp"

#include "ingest/export/json_text.hpp"

namespace vestari::ingest {
namespace {

// Writes the members of one JSON object.
class Object {
public:
    explicit Object(std::string& out) : out_{out} { out_ += '{'; }
    void close() { out_ += '}'; }

    void text(std::string_view key, std::string_view value) {
        name(key);
        append_json_string(out_, value);
    }
    void maybe(std::string_view key, const std::optional<std::string>& value) {
        value ? text(key, std::string_view{*value}) : null(key);
    }
    template <class Enum> void word(std::string_view key, const std::optional<Enum>& value) {
        value ? text(key, to_string(*value)) : null(key);
    }
    template <class Number> void number(std::string_view key, const std::optional<Number>& value) {
        value ? number(key, *value) : null(key);
    }
    template <std::integral Number> void number(std::string_view key, Number value) {
        name(key);
        out_ += std::to_string(value);
    }
    void number(std::string_view key, double value) {
        name(key);
        append_json_number(out_, value);
    }
    void null(std::string_view key) {
        name(key);
        out_ += "null";
    }
    // What follows is written by the caller.
    std::string& name(std::string_view key) {
        if (!first_) {
            out_ += ',';
        }
        first_ = false;
        out_ += '"';
        out_ += key; // literals without anything to escape
        out_ += "\":";
        return out_;
    }

private:
    std::string& out_;
    bool first_ = true;
};

void add_price(Object& to, const parser::Deal& deal) {
    to.number("price_minor", deal.price ? std::optional{deal.price->minor} : std::nullopt);
    to.maybe("currency",
             deal.price ? std::optional{std::string{deal.price->currency.code()}} : std::nullopt);
    to.word("price_kind", deal.price_kind);
    to.number("price_max_minor", deal.price_max_minor);
    to.number("price_prev_minor", deal.price_prev_minor);
    to.number("list_pct", deal.list_pct ? std::optional{rounded(*deal.list_pct)} : std::nullopt);
    to.word("settlement", deal.settlement);
    std::string& out = to.name("alt_prices");
    out += '[';
    for (const Money& price : deal.alt_prices) {
        out += out.back() == '[' ? "" : ",";
        Object one{out};
        one.number("price_minor", price.minor);
        one.text("currency", price.currency.code());
        one.close();
    }
    out += ']';
}

// The fields of deals/LABELS.md, in its order.
void add_label_fields(Object& to, const parser::Deal& deal) {
    to.text("side", to_string(deal.side));
    to.maybe("brand", deal.brand.empty() ? std::nullopt : std::optional{deal.brand});
    to.maybe("reference", deal.reference);
    to.maybe("model", deal.model);
    add_price(to, deal);
    to.word("condition", deal.condition);
    to.word("set", deal.set);
    to.number("year", deal.year);
    to.number("month", deal.month);
    to.maybe("dial", deal.dial);
    to.word("bracelet", deal.bracelet);
    to.word("metal", deal.metal);
    to.number("qty", deal.qty);
    to.maybe("location", deal.location);
    to.word("availability", deal.availability);
    to.text("notes", deal.notes);
    to.number("confidence", rounded(deal.confidence));
}

std::string_view words_at(const parser::Span& span, std::string_view text,
                          std::string_view quoted) {
    const std::string_view from = span.in_quote ? quoted : text;
    return span.from <= span.to && span.to <= from.size()
               ? from.substr(span.from, span.to - span.from)
               : std::string_view{};
}

// LABELS: the words that carry the reference and the price.
template <class Spans>
void add_evidence(Object& to, const Spans& spans, std::string_view text, std::string_view quoted) {
    Object evidence{to.name("evidence")};
    for (const std::string_view field : {"reference", "price"}) {
        for (const auto& one : spans) {
            if (one.field == field) {
                if (const auto words = words_at(one.span, text, quoted); !words.empty()) {
                    evidence.text(field, words);
                }
                break;
            }
        }
    }
    evidence.close();
}

void add_source(Object& to, const Source& source) {
    const auto known = [](const std::string& value) {
        return value.empty() ? std::nullopt : std::optional{value};
    };
    Object object{to.name("source")};
    object.maybe("group", known(source.group));
    object.maybe("group_name", known(source.group_name));
    object.maybe("sender", known(source.sender));
    object.maybe("sender_lid", known(source.sender_lid));
    object.maybe("sender_name", known(source.sender_name));
    object.maybe("message_id", known(source.message_id));
    object.maybe("text", known(source.text));
    object.maybe("quoted", known(source.quoted));
    object.close();
}

void add_provenance(Object& to, const StoredDeal& deal) {
    Object provenance{to.name("provenance")};
    provenance.text("parser", deal.parser_version);
    std::string& out = provenance.name("fields");
    out += '[';
    for (const Provenance& one : deal.provenance) {
        out += out.back() == '[' ? "" : ",";
        Object field{out};
        field.text("field", one.field);
        field.text("rule", one.rule);
        std::string& span = field.name("span");
        span += '[';
        span += std::to_string(one.span.from) + "," + std::to_string(one.span.to) + ']';
        field.text("in", one.span.in_quote ? "quoted" : "text");
        field.close();
    }
    out += ']';
    provenance.close();
}

} // namespace

void append_json(std::string& out, const StoredDeal& deal, DuplicateField duplicate) {
    Object object{out};
    object.text("id", deal.id.to_string());
    if (duplicate == DuplicateField::written) {
        object.maybe("duplicate_of", deal.duplicate_of
                                         ? std::optional{deal.duplicate_of->to_string()}
                                         : std::nullopt);
    }
    object.text("status", to_string(deal.status));
    object.text("deal_date", iso_date(deal.deal_date));
    object.number("sightings", deal.sightings);
    object.text("first_seen", rfc3339(deal.first_seen));
    object.text("last_seen", rfc3339(deal.last_seen));
    add_label_fields(object, deal.facts);
    add_evidence(object, deal.provenance, deal.source.text, deal.source.quoted);
    add_source(object, deal.source);
    add_provenance(object, deal);
    object.close();
}

void append_json(std::string& out, const parser::Deal& deal, std::string_view text,
                 std::string_view quoted) {
    Object object{out};
    add_label_fields(object, deal);
    add_evidence(object, deal.evidence, text, quoted);
    object.close();
}

} // namespace vestari::ingest
