// Blind indexes: how a row is found by a chat, a sender or a message id without storing them readable.
//
//     HMAC-SHA256(index key, "vestari/index/1/" ‖ label ‖ 0 ‖ lp(part) …), lp(x) = length (2, big endian) ‖ x
//
// Invariants  equal parts under one label give equal indexes, in this account only; the label keeps kinds apart. Labels hold no
//             NUL.
// Threads     any; immutable.
// Source      SETTLED sections 1, 2 and 4.
#pragma once

#include <initializer_list>
#include <string_view>

#include "vestari/base/bytes.hpp"
#include "vestari/crypto/hash.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::crypto {

class BlindIndex {
public:
    explicit BlindIndex(IndexKey key) : key_{std::move(key)} {}

    Digest chat(std::string_view jid) const { return of("chat", {as_bytes(jid)}); }
    Digest sender(std::string_view user) const {
        return of("sender", {as_bytes(user)});
    } // bare, without device
    Digest message(std::string_view chat, std::string_view id) const {
        return of("message", {as_bytes(chat), as_bytes(id)});
    }

    // Any other kind. Each part is at most 65,535 bytes.
    Digest of(std::string_view label, std::initializer_list<BytesView> parts) const;
    Digest of(std::string_view label, std::initializer_list<std::string_view> parts) const;

private:
    IndexKey key_;
};

} // namespace vestari::crypto
