#include "bridge/store/signal_records.hpp"

#include "bridge/store/query.hpp"

namespace vestari::store {

namespace {

constexpr std::size_t device_bytes = 4;

Bytes device_part(std::uint32_t device) {
    Bytes bytes;
    append_be32(bytes, device);
    return bytes;
}

RowKey record_key(const SessionDatabase& database, std::string_view label, std::string_view name,
                  std::uint32_t device) {
    return database.row_key(label, {as_bytes(name), device_part(device)});
}

RowKey user_key(const SessionDatabase& database, std::string_view name) {
    return database.row_key("signal user", {as_bytes(name)});
}

// Payload of a sealed row: the device, then the record.
Bytes seal_record(SessionDatabase& database, std::string_view table, const RowKey& key,
                  std::uint32_t device, BytesView record) {
    Bytes plain;
    plain.reserve(device_bytes + record.size());
    append_be32(plain, device);
    append(plain, record);
    Bytes sealed = database.seal(table, key, plain);
    crypto::wipe(plain);
    return sealed;
}

// The plaintext becomes the record in place, so that no second copy of it is left behind.
DeviceRecord split(Bytes plain) {
    if (plain.size() < device_bytes) {
        throw boost::system::system_error{make_error_code(StoreErrc::damaged_record)};
    }
    const auto device = static_cast<std::uint32_t>(read_be<device_bytes>(plain));
    plain.erase(plain.begin(), plain.begin() + device_bytes);
    return {device, std::move(plain)};
}

RowKey row_key_from(BytesView bytes) {
    RowKey key{};
    if (bytes.size() != key.size()) {
        throw boost::system::system_error{make_error_code(StoreErrc::damaged_record)};
    }
    std::ranges::copy(bytes, key.begin());
    return key;
}

Bytes number_row(std::uint64_t id) {
    Bytes row;
    append_be64(row, id);
    return row;
}

} // namespace

std::optional<Bytes> Sessions::load(std::string_view name, std::uint32_t device) const {
    const RowKey key = record_key(database_, "session", name, device);
    Query query{database_, "SELECT sealed FROM session WHERE key = ?", key};
    if (!query.next()) {
        return std::nullopt;
    }
    return split(database_.unseal("session", key, query.blob(0))).record;
}

bool Sessions::contains(std::string_view name, std::uint32_t device) const {
    return Query{database_, "SELECT 1 FROM session WHERE key = ?",
                 record_key(database_, "session", name, device)}
        .next();
}

void Sessions::store(std::string_view name, std::uint32_t device, BytesView record) {
    const RowKey key = record_key(database_, "session", name, device);
    const RowKey user = user_key(database_, name);
    const Bytes sealed = seal_record(database_, "session", key, device, record);
    Query{database_,
          "INSERT INTO session (key, user, sealed) VALUES (?, ?, ?) "
          "ON CONFLICT (key) DO UPDATE SET sealed = excluded.sealed",
          key, user, sealed}
        .run();
}

bool Sessions::erase(std::string_view name, std::uint32_t device) {
    const RowKey key = record_key(database_, "session", name, device);
    return Query{database_, "DELETE FROM session WHERE key = ?", key}.run() > 0;
}

std::vector<DeviceRecord> Sessions::of_user(std::string_view name) const {
    const RowKey user = user_key(database_, name);
    std::vector<DeviceRecord> rows;
    Query query{database_, "SELECT key, sealed FROM session WHERE user = ?", user};
    while (query.next()) {
        rows.push_back(
            split(database_.unseal("session", row_key_from(query.blob(0)), query.blob(1))));
    }
    return rows;
}

std::int64_t Sessions::erase_user(std::string_view name) {
    const RowKey user = user_key(database_, name);
    return Query{database_, "DELETE FROM session WHERE user = ?", user}.run();
}

std::optional<Identities::Row> Identities::load(std::string_view name, std::uint32_t device) const {
    const RowKey key = record_key(database_, "identity", name, device);
    Query query{database_, "SELECT first_seen, changed_at, sealed FROM identity WHERE key = ?",
                key};
    if (!query.next()) {
        return std::nullopt;
    }
    return Row{device, split(database_.unseal("identity", key, query.blob(2))).record,
               time_from(query.integer(0)), time_from(query.integer(1))};
}

Identities::Change Identities::store(std::string_view name, std::uint32_t device, BytesView key,
                                     TimePoint at) {
    const std::optional<Row> known = load(name, device);
    if (known && std::ranges::equal(known->key, key)) {
        return Change::none;
    }
    put(name, Row{device, to_bytes(key), known ? known->first_seen : at, at});
    return known ? Change::changed : Change::first;
}

void Identities::put(std::string_view name, const Row& row) {
    const RowKey key = record_key(database_, "identity", name, row.device);
    const RowKey user = user_key(database_, name);
    const Bytes sealed = seal_record(database_, "identity", key, row.device, row.key);
    Query{database_,
          "INSERT INTO identity (key, user, first_seen, changed_at, sealed) VALUES (?, ?, ?, ?, ?) "
          "ON CONFLICT (key) DO UPDATE SET first_seen = excluded.first_seen, "
          "changed_at = excluded.changed_at, sealed = excluded.sealed",
          key,
          user,
          row.first_seen,
          row.changed_at,
          sealed}
        .run();
}

bool Identities::erase(std::string_view name, std::uint32_t device) {
    const RowKey key = record_key(database_, "identity", name, device);
    return Query{database_, "DELETE FROM identity WHERE key = ?", key}.run() > 0;
}

std::vector<Identities::Row> Identities::of_user(std::string_view name) const {
    const RowKey user = user_key(database_, name);
    std::vector<Row> rows;
    Query query{database_,
                "SELECT key, first_seen, changed_at, sealed FROM identity WHERE user = ?", user};
    while (query.next()) {
        DeviceRecord plain =
            split(database_.unseal("identity", row_key_from(query.blob(0)), query.blob(3)));
        rows.push_back(Row{plain.device, std::move(plain.record), time_from(query.integer(1)),
                           time_from(query.integer(2))});
    }
    return rows;
}

std::int64_t Identities::erase_user(std::string_view name) {
    const RowKey user = user_key(database_, name);
    return Query{database_, "DELETE FROM identity WHERE user = ?", user}.run();
}

std::optional<Bytes> PreKeys::load(std::uint32_t id) const {
    Query query{database_, "SELECT sealed FROM pre_key WHERE id = ?", id};
    if (!query.next()) {
        return std::nullopt;
    }
    return database_.unseal("pre_key", number_row(id), query.blob(0));
}

void PreKeys::store(std::uint32_t id, BytesView record, State state) {
    const Bytes sealed = database_.seal("pre_key", number_row(id), record);
    Query{database_, "INSERT OR REPLACE INTO pre_key (id, published, sealed) VALUES (?, ?, ?)", id,
          static_cast<std::uint32_t>(state), sealed}
        .run();
}

void PreKeys::mark_published(std::uint32_t id) {
    Query{database_, "UPDATE pre_key SET published = 1 WHERE id = ?", id}.run();
}

bool PreKeys::erase(std::uint32_t id) {
    return Query{database_, "DELETE FROM pre_key WHERE id = ?", id}.run() > 0;
}

std::vector<PreKeys::Row> PreKeys::fresh(std::size_t limit) const {
    std::vector<Row> rows;
    Query query{database_, "SELECT id, sealed FROM pre_key WHERE published = 0 ORDER BY id LIMIT ?",
                static_cast<std::uint64_t>(limit)};
    while (query.next()) {
        const auto id = static_cast<std::uint32_t>(query.integer(0));
        rows.push_back(
            {id, State::fresh, database_.unseal("pre_key", number_row(id), query.blob(1))});
    }
    return rows;
}

std::vector<std::uint32_t> PreKeys::ids() const {
    std::vector<std::uint32_t> ids;
    Query query{database_, "SELECT id FROM pre_key ORDER BY id"};
    while (query.next()) {
        ids.push_back(static_cast<std::uint32_t>(query.integer(0)));
    }
    return ids;
}

std::uint32_t PreKeys::highest_id_ever() const {
    return static_cast<std::uint32_t>(next_row(database_, "pre_key") - 1);
}

std::optional<Bytes> SignedPreKeys::load(std::uint32_t id) const {
    Query query{database_, "SELECT sealed FROM signed_pre_key WHERE id = ?", id};
    if (!query.next()) {
        return std::nullopt;
    }
    return database_.unseal("signed_pre_key", number_row(id), query.blob(0));
}

void SignedPreKeys::store(std::uint32_t id, BytesView record) {
    const Bytes sealed = database_.seal("signed_pre_key", number_row(id), record);
    Query{database_, "INSERT OR REPLACE INTO signed_pre_key (id, sealed) VALUES (?, ?)", id, sealed}
        .run();
}

std::vector<std::uint32_t> SignedPreKeys::ids() const {
    std::vector<std::uint32_t> ids;
    Query query{database_, "SELECT id FROM signed_pre_key ORDER BY id"};
    while (query.next()) {
        ids.push_back(static_cast<std::uint32_t>(query.integer(0)));
    }
    return ids;
}

} // namespace vestari::store
