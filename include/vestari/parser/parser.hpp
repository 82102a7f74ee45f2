// The parser: one message's text in, the deals in it out.
//
// Pure: no I/O, no clock, no keys, no global state that changes; the same input gives the same deals on every machine.
// Invariants  every span lies inside `text` (or inside the quoted text, where it says so); no field of a record holds a phone
//             number, address, account, card or serial number (deals/DOMAIN.md section 7); deals come in the order of the text.
// Cost        linear in the length of the text; text beyond `max_text_bytes` is not read.
// Errors      none: text that is not UTF-8 is read as if each broken sequence were a replacement character.
// Threads     any; the compiled-in catalogue is immutable.
// Source      deals/DOMAIN.md (meaning), deals/LABELS.md (fields).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vestari/base/money.hpp"

namespace vestari::parser {

inline constexpr std::string_view parser_version =
    "1"; // stands in every record; changes when readings change
inline constexpr std::size_t max_text_bytes = 64U << 10U;

enum class Side : std::uint8_t { sell, buy, trade, sold, unknown };
enum class PriceKind : std::uint8_t { ask, bid, sold, list_pct };
enum class Settlement : std::uint8_t { usdt, usdc };
enum class Condition : std::uint8_t { brand_new, unworn, like_new, mint, used };
enum class Set : std::uint8_t { full_set, box_only, papers_only, watch_only };
enum class Bracelet : std::uint8_t {
    oyster,
    jubilee,
    president,
    oysterflex,
    rubber,
    leather,
    bracelet,
    fabric,
    mesh
};
enum class Metal : std::uint8_t {
    steel,
    yellow_gold,
    rose_gold,
    white_gold,
    gold,
    platinum,
    titanium,
    two_tone,
    ceramic,
    carbon,
    bronze
};
enum class Availability : std::uint8_t {
    available,
    ready,
    incoming,
    preorder,
    hold,
    pending,
    sold
};

// The words of LABELS.md ("full_set", "new", …) and back.
std::string_view to_string(Side) noexcept;
std::string_view to_string(PriceKind) noexcept;
std::string_view to_string(Settlement) noexcept;
std::string_view to_string(Condition) noexcept;
std::string_view to_string(Set) noexcept;
std::string_view to_string(Bracelet) noexcept;
std::string_view to_string(Metal) noexcept;
std::string_view to_string(Availability) noexcept;
// enum_from<Side>("sell"); empty for a word that is none of them. Defined for each enum above.
template <class Enum> std::optional<Enum> enum_from(std::string_view word) noexcept;

// Byte offsets [from, to) into the message's text, or into the quoted text.
struct Span {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    bool in_quote = false;
    bool operator==(const Span&) const = default;
};

// Which words gave a field, and by which rule ("price.currency_prefix").
struct Evidence {
    std::string_view field; // a literal: "reference", "price", "side", …
    Span span;
    std::string_view rule; // a literal
    bool operator==(const Evidence&) const = default;
};

struct Deal {
    Side side = Side::sell;
    std::string brand;                    // canonical, or empty
    std::optional<std::string> reference; // canonical, DOMAIN section 4
    std::optional<std::string> model;     // set when there is no reference
    std::optional<Money> price;
    std::optional<PriceKind> price_kind;
    std::optional<std::int64_t> price_max_minor;  // in the currency of `price`
    std::optional<std::int64_t> price_prev_minor; // in the currency of `price`
    std::optional<double> list_pct;               // signed; a ratio, not money
    std::optional<Settlement> settlement;
    std::vector<Money> alt_prices;
    std::optional<Condition> condition;
    std::optional<Set> set;
    std::optional<int> year;  // of the card
    std::optional<int> month; // 1 to 12
    std::optional<std::string> dial;
    std::optional<Bracelet> bracelet;
    std::optional<Metal> metal;
    int qty = 1;
    std::optional<std::string> location; // ISO 3166-1 alpha-2
    std::optional<Availability> availability;
    std::string notes;
    double confidence = 0; // 0 to 1
    std::vector<Evidence> evidence;
};

enum class MessageEvent : std::uint8_t { fresh, edit };
enum class TextOrigin : std::uint8_t { chat, ocr };

struct Context {
    std::optional<Currency> group_currency;
    Currency account_currency = Currency::of("USD");
    std::chrono::sys_days sent_at{}; // day of the message in UTC
    MessageEvent event = MessageEvent::fresh;
    TextOrigin origin = TextOrigin::chat;
    std::string_view quoted;    // text of the message that is answered; empty when there is none
    bool quote_verified = true; // false: confidence × 0.8 for what the quote supplied
};

std::vector<Deal> parse(std::string_view text, const Context& context);

// Replaces payment-card, phone, account and serial numbers in text that is kept beside a deal (DOMAIN section 7) with '•'.
// References that happen to pass the Luhn check stay. Used for every free text before it is sealed.
std::string mask_sensitive(std::string_view text);

// Records below this confidence are not stored and not printed.
inline constexpr double store_from = 0.5;

} // namespace vestari::parser
