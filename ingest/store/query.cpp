#include "vestari/ingest/query.hpp"

#include <limits>
#include <variant>

#include <fmt/format.h>

#include "ingest/store/row/record.hpp"
#include "ingest/store/row/time_text.hpp"

namespace vestari::ingest {
namespace {

// A fingerprint whose first 8 bytes are the id's and whose others are all `rest`.
Bytes fingerprint_at(DealId id, std::byte rest) {
    Bytes print;
    append_be64(print, id.value());
    print.resize(crypto::Digest{}.size(), rest);
    return print;
}

// The fingerprints that begin with the ids of a range.
std::pair<Bytes, Bytes> fingerprints_of(const IdRange& ids) {
    return {fingerprint_at(ids.first, std::byte{0}), fingerprint_at(ids.last, std::byte{0xff})};
}
std::pair<Bytes, Bytes> fingerprints_of(DealId id) { return fingerprints_of(IdRange{id, id}); }

// A WHERE clause whose values are bound by position: nothing from outside ever becomes part of an SQL text.
class Conditions {
public:
    using Value = std::variant<std::int64_t, double, std::string, Bytes>;

    void add(std::string_view condition, Value value) {
        sql_ += sql_.empty() ? " WHERE " : " AND ";
        sql_ += condition;
        values_.push_back(std::move(value));
    }
    const std::string& sql() const noexcept { return sql_; }
    void bind(Use& statement) const {
        for (std::size_t i = 0; i < values_.size(); ++i) {
            std::visit(
                [&](const auto& value) { statement.bind_at(static_cast<int>(i) + 1, value); },
                values_[i]);
        }
    }

private:
    std::string sql_;
    std::vector<Value> values_;
};

Conditions conditions_of(const DealFilter& filter) {
    Conditions where;
    if (filter.brand) {
        where.add("s.brand = ?", *filter.brand);
    }
    if (filter.reference) {
        where.add("s.reference = ?", *filter.reference);
    }
    if (filter.since) {
        where.add("s.deal_date >= ?", iso_date(*filter.since));
    }
    if (filter.until) {
        where.add("s.deal_date <= ?", iso_date(*filter.until));
    }
    if (filter.side) {
        where.add("s.side = ?", std::string{to_string(*filter.side)});
    }
    if (filter.currency) {
        where.add("s.currency = ?", std::string{filter.currency->code()});
    }
    if (filter.status) {
        where.add("d.status = ?", static_cast<std::int64_t>(*filter.status));
    } else if (filter.history == History::current) {
        where.add("d.status <> ?", static_cast<std::int64_t>(DealStatus::edited));
    }
    if (filter.ids) {
        const auto [first, last] = fingerprints_of(*filter.ids);
        where.add("d.fingerprint >= ?", first);
        where.add("d.fingerprint <= ?", last);
    }
    if (filter.min_confidence > 0) {
        where.add("s.confidence >= ?", filter.min_confidence);
    }
    return where;
}

// Bounds are whole units of each deal's own currency, so they are compared here and not in SQL.
bool within(const DealFilter& filter, const std::optional<Money>& price) {
    if (!filter.min_major && !filter.max_major) {
        return true;
    }
    if (!price) {
        return false;
    }
    const std::int64_t unit = price->currency.minor_per_major();
    const auto [whole, rest] = std::pair{price->minor / unit, price->minor % unit};
    return (!filter.min_major || whole >= *filter.min_major) &&
           (!filter.max_major || whole < *filter.max_major ||
            (whole == *filter.max_major && rest == 0));
}

std::string select_deals(std::string_view rest) {
    return fmt::format("SELECT {} FROM {} {}", deal_columns, deal_tables, rest);
}

} // namespace

namespace {

// The rows of the filter's deals, newest first.
void for_each_row(const Archive& archive, const DealFilter& filter,
                  const std::function<Next(State&, const Use&)>& each) {
    State& state = archive.state();
    const Conditions where = conditions_of(filter);
    Use rows =
        state.db.prepare(select_deals(where.sql() + " ORDER BY d.last_seen DESC, d.fingerprint"));
    where.bind(rows);
    std::size_t left = filter.limit.value_or(std::numeric_limits<std::size_t>::max());
    while (left > 0 && rows.step()) {
        if (!within(filter, read_price(rows))) {
            continue;
        }
        --left;
        if (each(state, rows) == Next::stop) {
            return;
        }
    }
}

} // namespace

void for_each_deal(const Archive& archive, const DealFilter& filter,
                   const std::function<Next(const StoredDeal&)>& each) {
    for_each_row(archive, filter, [&](const State& state, const Use& row) {
        return each(read_deal(state, row, filter.content));
    });
}

std::vector<DealId> deal_ids(const Archive& archive, const DealFilter& filter) {
    std::vector<DealId> ids;
    for_each_row(archive, filter, [&](const State&, const Use& row) {
        ids.push_back(read_id(row));
        return Next::go_on;
    });
    return ids;
}

std::optional<StoredDeal> find_deal(const Archive& archive, DealId id) {
    State& state = archive.state();
    Use rows = state.db.prepare(select_deals("WHERE d.fingerprint BETWEEN ? AND ? LIMIT 1"));
    const auto [first, last] = fingerprints_of(id);
    rows.bind(first, last);
    if (!rows.step()) {
        return std::nullopt;
    }
    return read_deal(state, rows, Content::opened);
}

std::vector<StoredDeal> sightings_of(const Archive& archive, DealId id) {
    State& state = archive.state();
    Use rows = state.db.prepare(
        fmt::format("SELECT {}, s.state, s.seen_at, s.said_at FROM deal d JOIN sighting s ON "
                    "s.deal = d.id JOIN "
                    "revision r ON r.id = s.revision WHERE d.fingerprint BETWEEN ? AND ? "
                    "ORDER BY s.seen_at, s.said_at, s.id",
                    deal_columns));
    const auto [first, last] = fingerprints_of(id);
    rows.bind(first, last);
    std::vector<StoredDeal> records;
    while (rows.step()) {
        StoredDeal& record = records.emplace_back(read_deal(state, rows, Content::opened));
        const int own = static_cast<int>(deal_column_count);
        record.status = read_state(rows.integer(own));
        record.first_seen = record.last_seen = to_time(rows.integer(own + 1));
        record.sightings = 1;
    }
    return records;
}

ArchiveCounts count(const Archive& archive) {
    Database& db = archive.state().db;
    const auto rows = [&db](const char* sql) { return static_cast<std::uint64_t>(db.number(sql)); };
    return {.messages = rows("SELECT count(*) FROM message"),
            .deals = rows("SELECT count(*) FROM deal"),
            .sightings = rows("SELECT count(*) FROM sighting"),
            .held = rows("SELECT count(*) FROM held"),
            .outbox = rows("SELECT count(*) FROM outbox")};
}

std::vector<RawColumn> raw_row(const Archive& archive, DealId id) {
    State& state = archive.state();
    Use row = state.db.prepare(
        "SELECT d.fingerprint, s.chat, s.sender, s.deal_date, s.side, s.brand, s.reference, "
        "s.model, "
        "s.price_minor, s.currency, s.price_kind, s.condition, s.completeness, s.year, s.dial, "
        "s.sealed_details, r.sealed_source FROM deal d JOIN sighting s ON s.id = d.shown JOIN "
        "revision r ON r.id = s.revision WHERE d.fingerprint BETWEEN ? AND ? LIMIT 1");
    const auto [first, last] = fingerprints_of(id);
    row.bind(first, last);
    std::vector<RawColumn> columns;
    if (!row.step()) {
        return columns;
    }
    for (int i = 0; i < row.columns(); ++i) {
        const std::string name = row.name(i);
        columns.push_back({name, row.printable(i), name.starts_with("sealed_")});
    }
    return columns;
}

} // namespace vestari::ingest
