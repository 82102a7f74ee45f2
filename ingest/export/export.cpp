#include "ingest/export/export.hpp"

#include <array>

#include <fmt/format.h>

#include "ingest/export/deal_json.hpp"
#include "ingest/export/json_text.hpp"

namespace vestari::ingest {
namespace {

// First characters that make a spreadsheet read a field as a formula; the full-width forms count as well.
bool starts_formula(std::string_view text) {
    using namespace std::string_view_literals;
    static constexpr std::array starts = {"="sv,  "+"sv,  "-"sv,  "@"sv,  "\t"sv, "\r"sv,
                                          "\n"sv, "\0"sv, "＝"sv, "＋"sv, "－"sv, "＠"sv};
    static constexpr std::array blanks = {" "sv, "\u00a0"sv,
                                          "\ufeff"sv}; // some readers trim them first
    for (bool trimmed = true; std::exchange(trimmed, false);) {
        for (const std::string_view blank : blanks) {
            if (text.starts_with(blank)) {
                text.remove_prefix(blank.size());
                trimmed = true;
            }
        }
    }
    for (const std::string_view start : starts) {
        if (text.starts_with(start)) {
            return true;
        }
    }
    return false;
}

// Valid UTF-8 without C0 (line breaks and tabs stay), DEL and C1: a terminal acts on them, and readers of CSV disagree on them.
std::string without_controls(std::string_view text) {
    std::string kept;
    kept.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) {
            ++i; // U+0080 to U+009F
        } else if ((byte >= 0x20 && byte != 0x7f) || byte == '\n' || byte == '\r' || byte == '\t') {
            kept += text[i];
        }
    }
    return kept;
}

constexpr std::string_view csv_header =
    "id,status,deal_date,side,brand,reference,model,price,currency,price_kind,price_max,price_"
    "before,"
    "list_pct,settlement,condition,set,year,month,dial,bracelet,metal,qty,location,availability,"
    "notes,confidence,sightings,first_seen,last_seen,group,group_name,sender,sender_name,message_"
    "id,"
    "text\r\n";

// One record of the file.
class Row {
public:
    explicit Row(std::string& out) : out_{out} {}
    Row& text(std::string_view value) {
        separate();
        if (!value.empty()) {
            append_csv_text(out_, value);
        }
        return *this;
    }
    Row& maybe(const std::optional<std::string>& value) {
        return text(value ? std::string_view{*value} : std::string_view{});
    }
    template <class Enum> Row& word(const std::optional<Enum>& value) {
        return text(value ? to_string(*value) : std::string_view{});
    }
    template <class Number> Row& number(const std::optional<Number>& value) {
        return value ? number(*value) : text(std::string_view{});
    }
    Row& number(std::int64_t value) { return plain(std::to_string(value)); }
    Row& number(int value) { return plain(std::to_string(value)); }
    Row& number(double value) {
        separate();
        append_json_number(out_, value);
        return *this;
    }
    // Whole units and decimals, exactly.
    Row& money(const std::optional<std::int64_t>& minor, const std::optional<Money>& unit) {
        if (!minor || !unit) {
            return text(std::string_view{});
        }
        const int places = unit->currency.exponent();
        const std::int64_t scale = unit->currency.minor_per_major();
        const bool negative = *minor < 0;
        const std::uint64_t size =
            negative ? 0 - static_cast<std::uint64_t>(*minor) : static_cast<std::uint64_t>(*minor);
        const auto whole = size / static_cast<std::uint64_t>(scale);
        const auto part = size % static_cast<std::uint64_t>(scale);
        std::string value = fmt::format("{}{}", negative ? "-" : "", whole);
        if (places > 0) {
            value += fmt::format(".{:0{}}", part, places);
        }
        return plain(value);
    }
    void end() { out_ += "\r\n"; }

private:
    Row& plain(std::string_view value) {
        separate();
        out_ += value;
        return *this;
    }
    void separate() {
        if (!first_) {
            out_ += ',';
        }
        first_ = false;
    }
    std::string& out_;
    bool first_ = true;
};

void append_csv(std::string& out, const StoredDeal& deal) {
    const parser::Deal& facts = deal.facts;
    const auto minor = facts.price ? std::optional{facts.price->minor} : std::nullopt;
    const auto code =
        facts.price ? std::optional{std::string{facts.price->currency.code()}} : std::nullopt;
    Row row{out};
    row.text(deal.id.to_string()).text(to_string(deal.status)).text(iso_date(deal.deal_date));
    row.text(to_string(facts.side)).text(facts.brand).maybe(facts.reference).maybe(facts.model);
    row.money(minor, facts.price).maybe(code).word(facts.price_kind);
    row.money(facts.price_max_minor, facts.price).money(facts.price_prev_minor, facts.price);
    row.number(facts.list_pct).word(facts.settlement).word(facts.condition).word(facts.set);
    row.number(facts.year).number(facts.month).maybe(facts.dial).word(facts.bracelet);
    row.word(facts.metal).number(facts.qty).maybe(facts.location).word(facts.availability);
    row.text(facts.notes).number(facts.confidence);
    row.number(static_cast<std::int64_t>(deal.sightings));
    row.text(rfc3339(deal.first_seen)).text(rfc3339(deal.last_seen));
    row.text(deal.source.group).text(deal.source.group_name).text(deal.source.sender);
    row.text(deal.source.sender_name).text(deal.source.message_id).text(deal.source.text).end();
}

void append_with_history(std::string& out, const Archive& archive, const StoredDeal& deal) {
    append_json(out, deal);
    out.pop_back(); // the object goes on
    out += ",\"history\":[";
    for (const StoredDeal& record : sightings_of(archive, deal.id)) {
        out += out.back() == '[' ? "" : ",";
        append_json(out, record);
    }
    out += "]}";
}

} // namespace

void append_csv_text(std::string& out, std::string_view text) {
    const std::string shown = without_controls(text);
    out += '"';
    if (starts_formula(text) || starts_formula(shown)) { // what a control hid counts as well
        out += '\'';
    }
    for (const char c : shown) {
        out += c;
        if (c == '"') {
            out += '"';
        }
    }
    out += '"';
}

std::string_view export_head(ExportFormat format) noexcept {
    return format == ExportFormat::csv ? csv_header : "[";
}

void append_export(std::string& out, ExportFormat format, const Archive& archive,
                   const StoredDeal& deal, std::size_t deals_before) {
    if (format == ExportFormat::csv) {
        append_csv(out, deal);
        return;
    }
    out += deals_before == 0 ? "\n" : ",\n";
    append_with_history(out, archive, deal);
}

std::string_view export_tail(ExportFormat format) noexcept {
    return format == ExportFormat::csv ? "" : "\n]\n";
}

// Row by row; the first failure of the sink ends the walk.
Result<std::size_t> export_deals(ExportFormat format, const Archive& archive,
                                 const DealFilter& filter, Sink& to) {
    std::size_t rows = 0;
    std::string line;
    Result<> written = to.write(export_head(format));
    if (written) {
        for_each_deal(archive, filter, [&](const StoredDeal& deal) {
            line.clear();
            append_export(line, format, archive, deal, rows);
            written = to.write(line);
            rows += written ? 1U : 0U;
            return written ? Next::go_on : Next::stop;
        });
    }
    if (written) {
        written = to.write(export_tail(format));
    }
    if (written) {
        written = to.finish();
    }
    if (!written) {
        return written.error();
    }
    return rows;
}

} // namespace vestari::ingest
