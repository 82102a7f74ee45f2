#include "bridge/store/inbox/history_references.hpp"

#include "bridge/store/query.hpp"

namespace vestari::store {

namespace {

Bytes cell_row(std::int64_t row) {
    Bytes bytes;
    append_be64(bytes, static_cast<std::uint64_t>(row));
    return bytes;
}

} // namespace

bool HistoryReferences::put(BytesView payload, TimePoint at) {
    if (rows() >= most_history_references) {
        return false;
    }
    const std::int64_t id = next_row(database_, "history_reference");
    const Bytes sealed = database_.seal("history_reference", cell_row(id), payload);
    Query{database_, "INSERT INTO history_reference (id, at, sealed) VALUES (?, ?, ?)", id, at,
          sealed}
        .run();
    return true;
}

std::vector<WaitingRow> HistoryReferences::oldest(std::size_t limit) const {
    Query query{database_, "SELECT id, at, sealed FROM history_reference ORDER BY id LIMIT ?",
                limit};
    std::vector<WaitingRow> rows;
    while (query.next()) {
        const std::int64_t id = query.integer(0);
        rows.push_back({id, time_from(query.integer(1)),
                        database_.unseal("history_reference", cell_row(id), query.blob(2))});
    }
    return rows;
}

void HistoryReferences::erase(std::int64_t row) {
    Query{database_, "DELETE FROM history_reference WHERE id = ?", row}.run();
}

std::int64_t HistoryReferences::erase_before(TimePoint limit) {
    return Query{database_, "DELETE FROM history_reference WHERE at < ?", limit}.run();
}

std::uint64_t HistoryReferences::rows() const {
    Query query{database_, "SELECT count(*) FROM history_reference"};
    return query.next() ? static_cast<std::uint64_t>(query.integer(0)) : 0;
}

} // namespace vestari::store
