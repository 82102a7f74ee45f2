// A deal as the archive keeps it and as its owner sees it.
//
// A record is what one message said about one watch; records with one fingerprint (SETTLED section 3) are one deal, and each of
// them is a sighting. A StoredDeal shows the earliest sighting that still stands.
// Invariants  a deal's id is the hexadecimal form of its fingerprint's first 8 bytes: the same deal has the same id whenever and
//             in whichever order its messages come.
// Threads     values.
// Source      SETTLED sections 3 and 4, DESIGN 3.1, deals/LABELS.md.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vestari/base/clock.hpp"
#include "vestari/parser/parser.hpp"

namespace vestari::ingest {

class DealId {
public:
    // 16 hexadecimal digits of either case; anything else is empty.
    [[nodiscard]] static std::optional<DealId> parse(std::string_view text);
    explicit constexpr DealId(std::uint64_t value) noexcept : value_{value} {}

    std::uint64_t value() const noexcept { return value_; }
    std::string to_string() const; // 16 lower-case hexadecimal digits
    auto operator<=>(const DealId&) const = default;

private:
    std::uint64_t value_;
};

enum class DealStatus : std::uint8_t {
    active,
    edited,  // superseded: every message that said it says something else now
    closed,  // its sender said that it is sold
    revoked, // withdrawn by its author or an admin: the facts stand, the words are gone
};
std::string_view to_string(DealStatus status) noexcept;

// The message that a deal comes from: sealed at rest. After a revoke `text` is empty.
struct Source {
    std::string group; // JID
    std::string group_name;
    std::string sender;     // JID: phone number where it is known, else LID
    std::string sender_lid; // empty when not known
    std::string sender_name;
    std::string message_id; // of an edited message the original's
    std::string text;       // masked (parser::mask_sensitive)
    std::string quoted;     // masked text of the message that it answers, where it was read
    bool operator==(const Source&) const = default;
};

// Which words gave a field, by which rule; the span points into Source::text, or into Source::quoted.
struct Provenance {
    std::string field;
    std::string rule;
    parser::Span span;
    bool operator==(const Provenance&) const = default;
};

struct StoredDeal {
    DealId id{0};
    parser::Deal facts; // its `evidence` is empty: see `provenance`
    std::chrono::sys_days deal_date{};
    DealStatus status = DealStatus::active;
    std::uint32_t sightings = 1; // messages that say it
    TimePoint first_seen{};
    TimePoint last_seen{};
    Source source;
    std::vector<Provenance> provenance;
    std::string parser_version;
    std::optional<DealId>
        duplicate_of; // only of a message's record (Accepted::deals): the deal that was there before
};

} // namespace vestari::ingest
