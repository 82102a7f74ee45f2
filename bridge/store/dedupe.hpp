// Which messages and ciphertexts were already handled. Holds HMACs and times, nothing else.
//
// Two keys    content: (chat, canonical author, message id), the author being the LID when it is known. It also answers "did this
//             author send this message here", which an edit or a revoke needs. Ciphertext: over the bytes, kind, group and address, so
//             that a resend under the same id which carries only a key is still processed.
// Threads     the database's owner.
// Errors      StoreErrc, thrown.
// Source      wire/20-messages.md section 6.2; rows are kept 30 days, longer than the server's queue of 14.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "bridge/store/session_database.hpp"

namespace vestari::store {

inline constexpr std::chrono::days dedupe_lifetime{30};

class Dedupe {
public:
    explicit Dedupe(SessionDatabase& database) noexcept : database_{database} {}

    // `chat` and `author` are bare JIDs; the author in its canonical form.
    RowKey content_key(std::string_view chat, std::string_view author, std::string_view id) const;

    // `kind`: the word of the stanza ("pkmsg", "msg", "skmsg"); `group`: empty for a pairwise ciphertext; `address`: the Signal
    // address as text.
    RowKey ciphertext_key(BytesView ciphertext, std::string_view kind, std::string_view group,
                          std::string_view address) const;

    bool contains(const RowKey& key) const;
    bool insert(const RowKey& key, TimePoint at); // false: it was there already, its time stays
    std::int64_t erase_before(TimePoint limit);   // rows that went

private:
    SessionDatabase& database_;
};

} // namespace vestari::store
