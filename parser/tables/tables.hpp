// The compiled-in knowledge: vocabulary, nicknames, catalogue, currencies, made by tables/generate.cpp from the CSV files.
//
// Invariants  rows are sorted by key; keys are folded (text/normalise.hpp); indices refer to rows that exist.
// Threads     immutable.
// Source      vocabulary/*.csv, catalogue/catalog.csv (DOMAIN sections 1.2, 2, 4, 5).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace vestari::parser {

// What a word can mean; the order is the order of precedence where a phrase has several readings.
enum class Kind : std::uint8_t {
    none,
    side,
    condition,
    set,
    availability,
    bracelet,
    metal,
    dial,
    nickname,
    brand,
    currency,
    unit,
    cue,
    month,
    family,
    place,
    count,
    negation,
    veto,
    part,
    note,
    talk,
    correction,
    carrier,
    filler,
    // what the recognisers add
    reference,
    date,
    amount,
    percent,
    quantity,
    hidden,
    masked,
    flag,
    punct,
    newline,
    word
};

enum class Cue : std::uint8_t {
    asking,
    bid,
    wish,
    retail,
    off,
    over,
    was,
    slip,
    paid,
    each,
    package,
    both,
    left,
    production,
    service,
    for_,
    extra,
    or_,
    card,
    dm,
    count_
};

struct Reading {
    Kind kind;
    std::int32_t value; // an enumerator of LABELS.md, an index into the tables below, or a weight
};

struct Phrase {
    std::string_view text;
    std::uint16_t first; // of its readings
    std::uint8_t readings;
    std::uint32_t kinds; // one bit for each kind among its readings
};

// One surface form of a reference: its letters and digits alone.
struct ReferenceRow {
    std::string_view key;
    std::string_view canonical;
    std::uint8_t brand;
    bool full;  // as the catalogue spells it; else a shortened form (stem, without dial code)
    bool plain; // Rolex families where "mint" and the like name a dial
    std::uint32_t low, high; // market band in USD; 0 when unknown
};

struct NicknameRow {
    std::string_view model;
    std::uint8_t brand;
    std::uint8_t references;
    std::uint16_t first; // into nickname_references: indices of reference rows
    std::uint32_t low, high;
};

// How a maker writes references: # digit, @ letter, % either, the rest as it stands.
struct FormRow {
    std::string_view pattern;
    std::uint8_t brand;
    bool shared; // other things are written so too: the maker's name must be in force
};

struct CurrencyRow {
    std::string_view code;
    double per_usd; // rough; tells thousands from millions, not what a watch is worth
};

namespace tables {
extern const std::span<const Phrase> phrases;
extern const std::span<const Reading> readings;
extern const std::span<const ReferenceRow> references;
extern const std::span<const NicknameRow> nicknames;
extern const std::span<const std::uint16_t> nickname_references;
extern const std::span<const std::string_view> brands;
extern const std::span<const std::string_view> dials;
extern const std::span<const CurrencyRow> currencies;
extern const std::span<const FormRow> forms;
} // namespace tables

std::string_view class_name(Kind kind) noexcept;
std::string_view cue_name(Cue cue) noexcept;

} // namespace vestari::parser
