#include "bridge/store/signal_records.hpp"

#include "bridge/store/query.hpp"

namespace vestari::store {

namespace {

// Payload of a sealed row: length of the group (2), group, device (4), record.
constexpr std::size_t length_bytes = 2;
constexpr std::size_t device_bytes = 4;

// The plaintext becomes the record in place, so that no second copy of it is left behind.
SenderKeys::Row split(Bytes plain) {
    const BytesView view{plain};
    const std::size_t group =
        view.size() < length_bytes ? 0 : static_cast<std::size_t>(read_be<length_bytes>(view));
    const std::size_t header = length_bytes + group + device_bytes;
    if (view.size() < header) {
        throw boost::system::system_error{make_error_code(StoreErrc::damaged_record)};
    }
    std::string name = to_string(view.subspan(length_bytes, group));
    const auto device =
        static_cast<std::uint32_t>(read_be<device_bytes>(view.subspan(length_bytes + group)));
    plain.erase(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(header));
    return {std::move(name), device, std::move(plain)};
}

RowKey chat_key(const SessionDatabase& database, std::string_view group) {
    return database.row_key("sender key group", {as_bytes(group)});
}

RowKey member_key(const SessionDatabase& database, std::string_view group, std::string_view name) {
    return database.row_key("sender key member", {as_bytes(group), as_bytes(name)});
}

RowKey user_key(const SessionDatabase& database, std::string_view name) {
    return database.row_key("signal user", {as_bytes(name)});
}

std::vector<SenderKeys::Row> collect(SessionDatabase& database, Query& query) {
    std::vector<SenderKeys::Row> rows;
    while (query.next()) {
        const Bytes key = to_bytes(query.blob(0));
        rows.push_back(split(database.unseal("sender_key", key, query.blob(1))));
    }
    return rows;
}

} // namespace

RowKey SenderKeys::key_of(std::string_view group, std::string_view name,
                          std::uint32_t device) const {
    Bytes number;
    append_be32(number, device);
    return database_.row_key("sender key", {as_bytes(group), as_bytes(name), number});
}

std::optional<Bytes> SenderKeys::load(const RowKey& key) const {
    Query query{database_, "SELECT sealed FROM sender_key WHERE key = ?", key};
    if (!query.next()) {
        return std::nullopt;
    }
    return split(database_.unseal("sender_key", key, query.blob(0))).record;
}

void SenderKeys::store(const RowKey& key, std::string_view group, std::string_view name,
                       std::uint32_t device, BytesView record) {
    Bytes plain;
    plain.reserve(length_bytes + group.size() + device_bytes + record.size());
    append_be16(plain, static_cast<std::uint16_t>(group.size()));
    append(plain, group);
    append_be32(plain, device);
    append(plain, record);
    const Bytes sealed = database_.seal("sender_key", key, plain);
    crypto::wipe(plain);
    // Most messages meet a record that is there: one HMAC-free statement, and the names only for a new row.
    if (Query{database_, "UPDATE sender_key SET sealed = ? WHERE key = ?", sealed, key}.run() > 0) {
        return;
    }
    const RowKey chat = chat_key(database_, group);
    const RowKey member = member_key(database_, group, name);
    const RowKey user = user_key(database_, name);
    Query{database_,
          "INSERT INTO sender_key (key, chat, member, user, sealed) VALUES (?, ?, ?, ?, ?)",
          key,
          chat,
          member,
          user,
          sealed}
        .run();
}

bool SenderKeys::erase(const RowKey& key) {
    return Query{database_, "DELETE FROM sender_key WHERE key = ?", key}.run() > 0;
}

std::vector<SenderKeys::Row> SenderKeys::of_group_and_user(std::string_view group,
                                                           std::string_view name) const {
    const RowKey member = member_key(database_, group, name);
    Query query{database_, "SELECT key, sealed FROM sender_key WHERE member = ?", member};
    return collect(database_, query);
}

std::vector<SenderKeys::Row> SenderKeys::of_user(std::string_view name) const {
    const RowKey user = user_key(database_, name);
    Query query{database_, "SELECT key, sealed FROM sender_key WHERE user = ?", user};
    return collect(database_, query);
}

std::int64_t SenderKeys::erase_group(std::string_view group) {
    const RowKey chat = chat_key(database_, group);
    return Query{database_, "DELETE FROM sender_key WHERE chat = ?", chat}.run();
}

} // namespace vestari::store
