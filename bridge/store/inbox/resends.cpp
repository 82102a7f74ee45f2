#include "bridge/store/inbox/resends.hpp"

#include "bridge/store/query.hpp"

namespace vestari::store {

namespace {

RowKey key_from(BytesView bytes) {
    RowKey key{};
    if (bytes.size() != key.size()) {
        throw boost::system::system_error{make_error_code(StoreErrc::damaged_record)};
    }
    std::ranges::copy(bytes, key.begin());
    return key;
}

std::uint8_t number(Resend::State state) { return static_cast<std::uint8_t>(state); }

// The row that the query stands at.
Resend row_of(const SessionDatabase& database, const Query& query) {
    Resend row;
    row.key = key_from(query.blob(0));
    row.state = static_cast<Resend::State>(query.integer(1));
    row.asked = static_cast<std::uint32_t>(query.integer(2));
    row.asked_at = time_from(query.integer(3));
    row.due = time_from(query.integer(4));
    row.at = time_from(query.integer(5));
    row.payload = database.unseal("resend", row.key, query.blob(6));
    return row;
}

std::vector<Resend> collect(const SessionDatabase& database, Query& query) {
    std::vector<Resend> rows;
    while (query.next()) {
        rows.push_back(row_of(database, query));
    }
    return rows;
}

std::uint64_t first_number(Query&& query) {
    return query.next() ? static_cast<std::uint64_t>(query.integer(0)) : 0;
}

} // namespace

RowKey Resends::key_of(std::string_view chat, std::string_view member, std::string_view id) const {
    return database_.row_key("resend", {as_bytes(chat), as_bytes(member), as_bytes(id)});
}

RowKey Resends::member_key(std::string_view chat, std::string_view member) const {
    return database_.row_key("resend member", {as_bytes(chat), as_bytes(member)});
}

RowKey Resends::chat_key(std::string_view chat) const {
    return database_.row_key("resend chat", {as_bytes(chat)});
}

std::optional<Resend> Resends::find(const RowKey& key) const {
    Query query{database_,
                "SELECT key, state, asked, asked_at, due, at, sealed FROM resend WHERE key = ?",
                key};
    return query.next() ? std::optional{row_of(database_, query)} : std::nullopt;
}

void Resends::put(std::string_view chat, std::string_view member, const Resend& row) {
    const RowKey in = chat_key(chat);
    const RowKey by = member_key(chat, member);
    const Bytes sealed = database_.seal("resend", row.key, row.payload);
    Query{database_,
          "INSERT OR REPLACE INTO resend (key, chat, member, state, asked, asked_at, due, at, "
          "sealed) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          row.key,
          in,
          by,
          std::uint32_t{number(row.state)},
          row.asked,
          row.asked_at,
          row.due,
          row.at,
          sealed}
        .run();
}

void Resends::update(const Resend& row) {
    Query{database_,
          "UPDATE resend SET state = ?, asked = ?, asked_at = ?, due = ? WHERE key = ?",
          std::uint32_t{number(row.state)},
          row.asked,
          row.asked_at,
          row.due,
          row.key}
        .run();
}

bool Resends::settle(const RowKey& key) {
    return Query{database_, "UPDATE resend SET state = 1, due = 0 WHERE key = ?", key}.run() > 0;
}

std::vector<Resend> Resends::due(TimePoint now, std::size_t limit) const {
    Query query{database_,
                "SELECT key, state, asked, asked_at, due, at, sealed FROM resend "
                "WHERE due > 0 AND due <= ? ORDER BY due LIMIT ?",
                now, limit};
    return collect(database_, query);
}

std::optional<TimePoint> Resends::next_due() const {
    Query query{database_, "SELECT due FROM resend WHERE due > 0 ORDER BY due LIMIT 1"};
    return query.next() ? std::optional{time_from(query.integer(0))} : std::nullopt;
}

std::vector<Resend> Resends::unanswered(TimePoint limit, std::size_t most) const {
    Query query{database_,
                "SELECT key, state, asked, asked_at, due, at, sealed FROM resend "
                "WHERE at < ? AND state = 0 ORDER BY at LIMIT ?",
                limit, most};
    return collect(database_, query);
}

// Each reads an index over a bounded number of rows, however many a flood has left.
Resends::Load Resends::load(const RowKey& member, TimePoint since) const {
    Load load;
    load.asked = first_number(
        Query{database_, "SELECT count(*) FROM resend WHERE member = ? AND asked_at >= ?", member,
              since});
    load.waiting = first_number(
        Query{database_, "SELECT count(*) FROM resend WHERE member = ? AND due > 0", member});
    load.last_open = time_from(static_cast<std::int64_t>(
        first_number(Query{database_,
                           "SELECT coalesce(max(asked_at), 0) FROM resend "
                           "WHERE member = ? AND asked_at >= ? AND state = 0",
                           member, since})));
    return load;
}

Resends::Load Resends::of_member(std::string_view chat, std::string_view member,
                                 TimePoint since) const {
    return load(member_key(chat, member), since);
}

Resends::Load Resends::of_member(const RowKey& row, TimePoint since) const {
    RowKey member{};
    {
        Query query{database_, "SELECT member FROM resend WHERE key = ?", row};
        if (!query.next()) {
            return {};
        }
        member = key_from(query.blob(0));
    }
    return load(member, since);
}

std::uint64_t Resends::asked_in_chat(std::string_view chat, TimePoint since) const {
    return first_number(Query{database_,
                              "SELECT count(*) FROM resend WHERE chat = ? AND asked_at >= ?",
                              chat_key(chat), since});
}

std::uint64_t Resends::asked_in_chat(const RowKey& row, TimePoint since) const {
    return first_number(Query{database_,
                              "SELECT count(*) FROM resend WHERE chat = "
                              "(SELECT chat FROM resend WHERE key = ?) AND asked_at >= ?",
                              row, since});
}

void Resends::erase_group(std::string_view chat) {
    Query{database_, "DELETE FROM resend WHERE chat = ?", chat_key(chat)}.run();
}

std::int64_t Resends::erase_before(TimePoint limit) {
    return Query{database_, "DELETE FROM resend WHERE at < ?", limit}.run();
}

std::uint64_t Resends::rows() const {
    return first_number(Query{database_, "SELECT count(*) FROM resend"});
}

} // namespace vestari::store
