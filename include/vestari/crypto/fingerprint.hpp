// A deal's fingerprint: two records of one account with the same fingerprint are the same deal.
//
//     HMAC-SHA256(fingerprint key, "vestari/deal/1" ‖ lp(brand) ‖ lp(what) ‖ lp(price) ‖ lp(date)), lp(x) = length (2, big endian) ‖ x
//     what  = "r:" ‖ reference, else "m:" ‖ case-folded model (empty model when there is none)
//     price = kind/minor/currency in decimal, or "none/" ‖ side
//     date  = YYYY-MM-DD, the message's day in UTC
//
// Invariants  the words are the parser's canonical ones; case-folding (Unicode, full) is done here and nowhere else, so that all
//             callers agree. Whoever lacks the key cannot test a guess.
// Threads     any.
// Source      SETTLED section 3; Unicode case folding by utf8proc.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vestari/crypto/hash.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::crypto {

struct DealPrice {
    std::string_view kind;     // "ask", "bid", "sold", "list_pct"
    std::int64_t minor;        // in the currency's minor unit
    std::string_view currency; // ISO 4217
};

// Views valid for the call. Each text is at most 65,000 bytes.
struct DealIdentity {
    std::string_view brand{}; // canonical, or empty
    std::optional<std::string_view> reference{};
    std::optional<std::string_view> model{}; // read only when there is no reference
    std::optional<DealPrice> price{};
    std::string_view side{}; // "sell", "buy", …; read only when there is no price
    std::chrono::sys_days date{};
};

Digest fingerprint(const FingerprintKey& key, const DealIdentity& deal);

} // namespace vestari::crypto
