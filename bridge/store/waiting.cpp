#include "bridge/store/waiting.hpp"

#include "bridge/store/query.hpp"

namespace vestari::store {

namespace {

// What a waiting row is sealed for: its number and, where it has one, the key it is found by, so that a payload cannot be moved
// under another key.
Bytes cell_row(std::int64_t row, BytesView key) {
    Bytes bytes;
    append_be64(bytes, static_cast<std::uint64_t>(row));
    append(bytes, key);
    return bytes;
}

// Columns: id, at, sealed.
std::vector<WaitingRow> collect(SessionDatabase& database, std::string_view table, BytesView key,
                                Query& query) {
    std::vector<WaitingRow> rows;
    while (query.next()) {
        const std::int64_t id = query.integer(0);
        rows.push_back({id, time_from(query.integer(1)),
                        database.unseal(table, cell_row(id, key), query.blob(2))});
    }
    return rows;
}

std::uint64_t first_number(Query&& query) {
    return query.next() ? static_cast<std::uint64_t>(query.integer(0)) : 0;
}

RowKey target_key(const SessionDatabase& database, std::string_view chat, std::string_view id) {
    return database.row_key("pending", {as_bytes(chat), as_bytes(id)});
}

RowKey chat_key(const SessionDatabase& database, std::string_view group) {
    return database.row_key("kept group", {as_bytes(group)});
}

RowKey member_key(const SessionDatabase& database, std::string_view group, std::string_view name) {
    return database.row_key("kept member", {as_bytes(group), as_bytes(name)});
}

} // namespace

void Pending::put(std::string_view chat, std::string_view target_id, BytesView payload,
                  TimePoint at) {
    const RowKey key = target_key(database_, chat, target_id);
    const std::int64_t id = next_row(database_, "pending");
    const Bytes sealed = database_.seal("pending", cell_row(id, key), payload);
    Query{database_, "INSERT INTO pending (id, key, at, sealed) VALUES (?, ?, ?, ?)", id, key, at,
          sealed}
        .run();
}

std::vector<WaitingRow> Pending::of(std::string_view chat, std::string_view target_id) const {
    const RowKey key = target_key(database_, chat, target_id);
    Query query{database_, "SELECT id, at, sealed FROM pending WHERE key = ? ORDER BY id LIMIT ?",
                key, most_waiting};
    return collect(database_, "pending", key, query);
}

void Pending::erase(std::int64_t row) {
    Query{database_, "DELETE FROM pending WHERE id = ?", row}.run();
}

std::int64_t Pending::erase_before(TimePoint limit) {
    return Query{database_, "DELETE FROM pending WHERE at < ?", limit}.run();
}

std::uint64_t Pending::rows() const {
    return first_number(Query{database_, "SELECT count(*) FROM pending"});
}

void KeptCiphertexts::put(std::string_view group, std::string_view name, BytesView payload,
                          TimePoint at) {
    const RowKey chat = chat_key(database_, group);
    const RowKey member = member_key(database_, group, name);
    const std::int64_t id = next_row(database_, "kept_ciphertext");
    const Bytes sealed = database_.seal("kept_ciphertext", cell_row(id, member), payload);
    Query{database_,
          "INSERT INTO kept_ciphertext (id, chat, member, at, sealed) VALUES (?, ?, ?, ?, ?)",
          id,
          chat,
          member,
          at,
          sealed}
        .run();
}

std::vector<WaitingRow> KeptCiphertexts::of(std::string_view group, std::string_view name) const {
    const RowKey member = member_key(database_, group, name);
    Query query{database_,
                "SELECT id, at, sealed FROM kept_ciphertext WHERE member = ? ORDER BY id LIMIT ?",
                member, most_waiting};
    return collect(database_, "kept_ciphertext", member, query);
}

void KeptCiphertexts::erase(std::int64_t row) {
    Query{database_, "DELETE FROM kept_ciphertext WHERE id = ?", row}.run();
}

void KeptCiphertexts::erase_group(std::string_view group) {
    const RowKey chat = chat_key(database_, group);
    Query{database_, "DELETE FROM kept_ciphertext WHERE chat = ?", chat}.run();
}

std::int64_t KeptCiphertexts::erase_before(TimePoint limit) {
    return Query{database_, "DELETE FROM kept_ciphertext WHERE at < ?", limit}.run();
}

std::uint64_t KeptCiphertexts::rows() const {
    return first_number(Query{database_, "SELECT count(*) FROM kept_ciphertext"});
}

bool KeptCiphertexts::empty() const {
    return first_number(Query{database_, "SELECT EXISTS (SELECT 1 FROM kept_ciphertext)"}) == 0;
}

std::uint64_t KeptCiphertexts::rows_of(std::string_view group, std::string_view name) const {
    const RowKey member = member_key(database_, group, name);
    return first_number(
        Query{database_, "SELECT count(*) FROM kept_ciphertext WHERE member = ?", member});
}

void Quarantine::put(BytesView payload, TimePoint at) {
    const std::int64_t id = next_row(database_, "quarantine");
    const Bytes sealed = database_.seal("quarantine", cell_row(id, {}), payload);
    Query{database_, "INSERT INTO quarantine (id, at, sealed) VALUES (?, ?, ?)", id, at, sealed}
        .run();
}

std::vector<WaitingRow> Quarantine::oldest(std::size_t limit) const {
    Query query{database_, "SELECT id, at, sealed FROM quarantine ORDER BY id LIMIT ?", limit};
    return collect(database_, "quarantine", {}, query);
}

void Quarantine::erase(std::int64_t row) {
    Query{database_, "DELETE FROM quarantine WHERE id = ?", row}.run();
}

std::int64_t Quarantine::erase_before(TimePoint limit) {
    return Query{database_, "DELETE FROM quarantine WHERE at < ?", limit}.run();
}

std::uint64_t Quarantine::rows() const {
    return first_number(Query{database_, "SELECT count(*) FROM quarantine"});
}

} // namespace vestari::store
