#include "bridge/store/counters.hpp"

#include "bridge/store/query.hpp"

namespace vestari::store {

namespace {

std::chrono::sys_days day_of(TimePoint at) noexcept {
    return std::chrono::floor<std::chrono::days>(at);
}

} // namespace

void Counters::add(std::string_view what, TimePoint at, std::uint64_t by) {
    const auto day = static_cast<std::int64_t>(day_of(at).time_since_epoch().count());
    Query{database_,
          "INSERT INTO counter (day, what, count) VALUES (?, ?, ?) "
          "ON CONFLICT (day, what) DO UPDATE SET count = count + excluded.count",
          day, what, by}
        .run();
}

std::uint64_t Counters::total(std::string_view what) const {
    Query query{database_, "SELECT coalesce(sum(count), 0) FROM counter WHERE what = ?", what};
    return query.next() ? static_cast<std::uint64_t>(query.integer(0)) : 0;
}

std::vector<Count> Counters::all() const {
    std::vector<Count> counts;
    Query query{database_, "SELECT day, what, count FROM counter ORDER BY day, what"};
    while (query.next()) {
        counts.push_back({std::chrono::sys_days{std::chrono::days{query.integer(0)}},
                          std::string{query.text(1)},
                          static_cast<std::uint64_t>(query.integer(2))});
    }
    return counts;
}

RowKey SeenChats::key_of(std::string_view chat) const {
    return database_.row_key("seen chat", {as_bytes(chat)});
}

void SeenChats::seen(std::string_view chat, TimePoint at, std::uint64_t stanzas) {
    const RowKey key = key_of(chat);
    Query{database_,
          "INSERT INTO seen_chat (key, stanzas, first_seen, last_seen) VALUES (?1, ?2, ?3, ?3) "
          "ON CONFLICT (key) DO UPDATE SET stanzas = stanzas + excluded.stanzas, "
          "last_seen = max(last_seen, excluded.last_seen)",
          key, stanzas, at}
        .run();
}

void SeenChats::erase(std::string_view chat) {
    const RowKey key = key_of(chat);
    Query{database_, "DELETE FROM seen_chat WHERE key = ?", key}.run();
}

std::vector<SeenChat> SeenChats::all() const {
    std::vector<SeenChat> chats;
    Query query{database_, "SELECT key, stanzas, first_seen, last_seen FROM seen_chat "
                           "ORDER BY last_seen DESC, key"};
    while (query.next()) {
        SeenChat chat{{},
                      static_cast<std::uint64_t>(query.integer(1)),
                      time_from(query.integer(2)),
                      time_from(query.integer(3))};
        std::ranges::copy_n(query.blob(0).begin(), static_cast<std::ptrdiff_t>(chat.chat.size()),
                            chat.chat.begin());
        chats.push_back(chat);
    }
    return chats;
}

std::uint32_t DroppedStanzas::delivered(const Name& stanza, std::uint64_t connection,
                                        TimePoint at) {
    Bytes resend;
    append_be64(resend, stanza.resend);
    const RowKey key = database_.row_key("dropped", {as_bytes(stanza.id), as_bytes(stanza.from),
                                                     as_bytes(stanza.participant), resend});
    Query query{
        database_,
        "INSERT INTO dropped (key, deliveries, at, connection) VALUES (?, 1, ?, ?) "
        "ON CONFLICT (key) DO UPDATE SET at = excluded.at, connection = excluded.connection, "
        "deliveries = deliveries + (connection <> excluded.connection) RETURNING deliveries",
        key, at, connection};
    const auto deliveries = query.next() ? static_cast<std::uint32_t>(query.integer(0)) : 1U;
    query.next(); // to its end, so that the row is written
    return deliveries;
}

std::int64_t DroppedStanzas::erase_before(TimePoint limit) {
    return Query{database_, "DELETE FROM dropped WHERE at < ?", limit}.run();
}

} // namespace vestari::store
