#include "bridge/store/dedupe.hpp"

#include "bridge/store/query.hpp"
#include "vestari/crypto/hash.hpp"

namespace vestari::store {

RowKey Dedupe::content_key(std::string_view chat, std::string_view author,
                           std::string_view id) const {
    return database_.row_key("content", {as_bytes(chat), as_bytes(author), as_bytes(id)});
}

RowKey Dedupe::ciphertext_key(BytesView ciphertext, std::string_view kind, std::string_view group,
                              std::string_view address) const {
    const crypto::Digest digest =
        crypto::sha256(ciphertext); // a part of a row key is at most 64 KiB
    return database_.row_key("ciphertext",
                             {digest, as_bytes(kind), as_bytes(group), as_bytes(address)});
}

bool Dedupe::contains(const RowKey& key) const {
    return Query{database_, "SELECT 1 FROM dedupe WHERE key = ?", key}.next();
}

bool Dedupe::insert(const RowKey& key, TimePoint at) {
    return Query{database_, "INSERT OR IGNORE INTO dedupe (key, at) VALUES (?, ?)", key, at}.run() >
           0;
}

std::int64_t Dedupe::erase_before(TimePoint limit) {
    return Query{database_, "DELETE FROM dedupe WHERE at < ?", limit}.run();
}

} // namespace vestari::store
