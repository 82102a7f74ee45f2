// What stands in a message, in the order of the text: one mark per word, number, reference, sign and line end.
//
// Invariants  marks do not overlap and go up; `value` indexes the list that the kind names.
// Threads     a Message belongs to its caller; it keeps its buffers from one message to the next.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "parser/tables/tables.hpp"
#include "parser/text/normalise.hpp"
#include "vestari/parser/parser.hpp"

namespace vestari::parser {

inline constexpr std::int16_t no_currency = -100;
inline constexpr std::int16_t dollar_sign = -1; // a bare $, ¥ or "kr" follows the group
inline constexpr std::int16_t yen_sign = -2;
inline constexpr std::int16_t krona_sign = -3;

struct Mark {
    Kind kind = Kind::none;
    bool glued = false; // nothing between it and the mark before
    std::uint32_t from = 0, to = 0;
    std::int32_t value = 0;
    std::int32_t phrase = -1;   // for further readings of the same words
    std::uint32_t readings = 0; // of the phrase, one bit for each kind
};

struct Ident {
    std::uint8_t brand = 0;
    std::int32_t row = -1;  // of the catalogue
    std::int32_t nick = -1; // of the nicknames, where no reference is written
    std::string reference;  // canonical; empty for a nickname
    std::uint32_t low = 0, high = 0;
    std::int32_t first = 0, last = 0; // completions of a stem: rows [first, last)
    bool known = true, repaired = false, stem = false, weak = false, plain = false;
    const char* rule = "reference.catalogue";
};

struct Amount {
    std::int64_t digits = 0; // without marks: 13.5 is 135 with one decimal
    std::int8_t decimals = 0;
    bool grouped = false;  // has thousands marks
    bool three = false;    // one mark before exactly three digits: the band decides when it must
    std::int8_t power = 0; // of ten: k 3, w 4, lakh 5, m 6
    bool spelled = false;  // written in words
    bool unit_m = false;
    std::int16_t currency = no_currency;
    bool tether = false;
    bool coin_usdc = false;
    std::uint8_t plain_digits = 0; // length when written as digits alone
    std::int32_t upper = -1;       // the mark of a range's upper end
    bool pair = false;             // a further part of "95.5/111.5k"
    bool used = false;             // belongs to another number
};

struct Date {
    std::int16_t year = 0;
    std::int8_t month = 0;
    char code = 0;        // 'n' or 'u' before it
    bool bare = false;    // four digits and nothing else
    bool open = false;    // "2020+", "2018 or newer"
    bool nothing = false; // a day, a span: consumed, says nothing
};

struct Hidden {
    std::uint32_t from = 0, to = 0;
};

struct Message {
    const Context* context = nullptr;
    Folded folded;
    std::vector<Hidden> hidden;
    std::vector<Mark> marks;
    std::vector<Ident> idents;
    std::vector<Amount> amounts;
    std::vector<Date> dates;
    std::uint64_t kinds = 0;    // one bit for each kind that a mark has or had
    std::uint32_t readings = 0; // of all marks
    bool asian_style = false;   // N is new, U is used; else N is naked

    std::string_view text() const noexcept { return folded.text; }
    std::string_view of(const Mark& mark) const noexcept {
        return text().substr(mark.from, mark.to - mark.from);
    }
    bool may_hold(Kind kind) const noexcept {
        return ((kinds | readings) >> static_cast<unsigned>(kind) & 1U) != 0;
    }
    void wipe() noexcept {
        folded.wipe();
        clear();
    }
    void clear() noexcept {
        hidden.clear();
        marks.clear();
        idents.clear();
        amounts.clear();
        dates.clear();
        kinds = 0;
        readings = 0;
    }
};

inline constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
inline constexpr bool is_letter(char c) noexcept { return c >= 'a' && c <= 'z'; }
inline constexpr bool is_alnum(char c) noexcept { return is_digit(c) || is_letter(c); }
inline char at_or_zero(std::string_view text, std::size_t at) noexcept {
    return at < text.size() ? text[at] : '\0';
}

} // namespace vestari::parser
