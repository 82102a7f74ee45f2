#include "bridge/store/inbox/authors.hpp"

#include "bridge/store/query.hpp"

namespace vestari::store {

RowKey Authors::message_key(std::string_view chat, std::string_view id) const {
    return database_.row_key("message", {as_bytes(chat), as_bytes(id)});
}

// With the chat and id, so that one person's rows cannot be counted.
RowKey Authors::author_key(std::string_view chat, std::string_view author,
                           std::string_view id) const {
    return database_.row_key("author", {as_bytes(chat), as_bytes(author), as_bytes(id)});
}

bool Authors::wrote(std::string_view chat, std::string_view author, std::string_view id) const {
    return Query{database_, "SELECT 1 FROM author WHERE message = ? AND author = ?",
                 message_key(chat, id), author_key(chat, author, id)}
        .next();
}

bool Authors::anybody_wrote(std::string_view chat, std::string_view id) const {
    return Query{database_, "SELECT 1 FROM author WHERE message = ? LIMIT 1", message_key(chat, id)}
        .next();
}

void Authors::insert(std::string_view chat, std::string_view author, std::string_view id,
                     TimePoint at) {
    Query{database_, "INSERT OR IGNORE INTO author (message, author, at) VALUES (?, ?, ?)",
          message_key(chat, id), author_key(chat, author, id), at}
        .run();
}

std::int64_t Authors::erase_before(TimePoint limit) {
    return Query{database_, "DELETE FROM author WHERE at < ?", limit}.run();
}

} // namespace vestari::store
