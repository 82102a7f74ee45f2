#include "ingest/store/row/record.hpp"

#include "ingest/store/row/time_text.hpp"

namespace vestari::ingest {
namespace {

template <class Enum> std::optional<std::string> word(const std::optional<Enum>& value) {
    return value ? std::optional{std::string{to_string(*value)}} : std::nullopt;
}

template <class Enum> std::optional<Enum> read_word(const Use& row, int column) {
    if (row.is_null(column)) {
        return std::nullopt;
    }
    const std::optional<Enum> value = parser::enum_from<Enum>(row.text(column));
    if (!value) {
        throw StorageFailure{ArchiveErrc::corrupt};
    }
    return value;
}

std::optional<std::string> read_text(const Use& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional{row.text(column)};
}

template <class Number> std::optional<Number> read_number(const Use& row, int column) {
    return row.is_null(column) ? std::nullopt
                               : std::optional{static_cast<Number>(row.integer(column))};
}

enum Column : int {
    fingerprint,
    status,
    sightings,
    first_seen,
    last_seen,
    id,
    state,
    deal_date,
    parser_version,
    confidence,
    side,
    brand,
    reference,
    model,
    price_minor,
    currency,
    price_kind,
    price_max,
    price_prev,
    list_pct,
    settlement,
    condition,
    completeness,
    year,
    month,
    dial,
    bracelet,
    metal,
    qty,
    availability,
    details,
    revision,
    source
};

parser::Deal read_facts(const Use& row) {
    parser::Deal facts;
    facts.side = read_word<parser::Side>(row, Column::side).value_or(parser::Side::unknown);
    facts.brand = row.text(Column::brand);
    facts.reference = read_text(row, Column::reference);
    facts.model = read_text(row, Column::model);
    facts.price = read_price(row);
    facts.price_kind = read_word<parser::PriceKind>(row, Column::price_kind);
    facts.price_max_minor = read_number<std::int64_t>(row, Column::price_max);
    facts.price_prev_minor = read_number<std::int64_t>(row, Column::price_prev);
    if (!row.is_null(Column::list_pct)) {
        facts.list_pct = row.real(Column::list_pct);
    }
    facts.settlement = read_word<parser::Settlement>(row, Column::settlement);
    facts.condition = read_word<parser::Condition>(row, Column::condition);
    facts.set = read_word<parser::Set>(row, Column::completeness);
    facts.year = read_number<int>(row, Column::year);
    facts.month = read_number<int>(row, Column::month);
    facts.dial = read_text(row, Column::dial);
    facts.bracelet = read_word<parser::Bracelet>(row, Column::bracelet);
    facts.metal = read_word<parser::Metal>(row, Column::metal);
    facts.qty = static_cast<int>(row.integer(Column::qty));
    facts.availability = read_word<parser::Availability>(row, Column::availability);
    facts.confidence = row.real(Column::confidence);
    return facts;
}

template <class Value> Value sound(Result<Value> value) {
    if (!value) {
        throw StorageFailure{ArchiveErrc::corrupt};
    }
    return std::move(*value);
}

void read_sealed(const State& archive, const Use& row, StoredDeal& deal) {
    Details opened = sound(decode_details(archive.open(
        "sighting", "sealed_details", row.integer(Column::id), row.blob(Column::details))));
    deal.facts.location = std::move(opened.location);
    deal.facts.notes = std::move(opened.notes);
    deal.facts.alt_prices = std::move(opened.alt_prices);
    deal.provenance = std::move(opened.provenance);
    if (!row.is_null(Column::source)) {
        deal.source = sound(decode_source(archive.open(
            "revision", "sealed_source", row.integer(Column::revision), row.blob(Column::source))));
    }
}

} // namespace

const std::string_view deal_columns =
    "d.fingerprint, d.status, d.sightings, d.first_seen, d.last_seen, s.id, s.state, s.deal_date, "
    "s.parser, s.confidence, s.side, s.brand, s.reference, s.model, s.price_minor, s.currency, "
    "s.price_kind, s.price_max_minor, s.price_prev_minor, s.list_pct, s.settlement, s.condition, "
    "s.completeness, s.year, s.month, s.dial, s.bracelet, s.metal, s.qty, s.availability, "
    "s.sealed_details, r.id, r.sealed_source";
const std::string_view deal_tables = "deal d JOIN sighting s ON s.id = d.shown AND s.deal = d.id "
                                     "JOIN revision r ON r.id = s.revision";

DealId read_id(const Use& row) {
    const BytesView print = row.blob(Column::fingerprint);
    if (print.size() != 32) {
        throw StorageFailure{ArchiveErrc::corrupt};
    }
    return DealId{read_be<8>(print)};
}

std::optional<Money> read_price(const Use& row) {
    if (row.is_null(Column::price_minor)) {
        return std::nullopt;
    }
    const std::optional<Currency> unit = Currency::parse(row.text(Column::currency));
    if (!unit) {
        throw StorageFailure{ArchiveErrc::corrupt};
    }
    return Money{row.integer(Column::price_minor), *unit};
}

RecordState read_state(std::int64_t number) {
    if (number < 0 || number > static_cast<int>(DealStatus::revoked)) {
        throw StorageFailure{ArchiveErrc::corrupt};
    }
    return static_cast<RecordState>(number);
}

StoredDeal read_deal(const State& archive, const Use& row, Content content) {
    const auto date = read_iso_date(row.text(Column::deal_date));
    if (!date) {
        throw StorageFailure{ArchiveErrc::corrupt};
    }
    StoredDeal deal;
    deal.id = read_id(row);
    deal.facts = read_facts(row);
    deal.deal_date = *date;
    deal.status = read_state(row.integer(Column::status));
    deal.sightings = static_cast<std::uint32_t>(row.integer(Column::sightings));
    deal.first_seen = to_time(row.integer(Column::first_seen));
    deal.last_seen = to_time(row.integer(Column::last_seen));
    deal.parser_version = row.text(Column::parser_version);
    if (content == Content::opened) {
        read_sealed(archive, row, deal);
    }
    return deal;
}

void insert(State& archive, const Record& record, const parser::Deal& facts,
            const Details& details) {
    const Bytes sealed = archive.seal("sighting", "sealed_details", record.id, encode(details));
    const auto price = [&](auto field) {
        return facts.price ? std::optional{field(*facts.price)} : std::nullopt;
    };
    archive.db
        .use("INSERT INTO sighting "
             "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,"
             "?,?,?,?)")
        .bind(record.id, record.deal, record.message, record.revision, record.ordinal,
              static_cast<int>(record.state), record.chat, record.sender, to_number(record.seen_at),
              to_number(record.said_at), iso_date(record.deal_date), parser::parser_version,
              facts.confidence, to_string(facts.side), facts.brand, facts.reference, facts.model,
              price([](const Money& m) { return m.minor; }),
              price([](const Money& m) { return m.currency.code(); }), word(facts.price_kind),
              facts.price_max_minor, facts.price_prev_minor, facts.list_pct, word(facts.settlement),
              word(facts.condition), word(facts.set), facts.year, facts.month, facts.dial,
              word(facts.bracelet), word(facts.metal), facts.qty, word(facts.availability), sealed)
        .run();
}

} // namespace vestari::ingest
