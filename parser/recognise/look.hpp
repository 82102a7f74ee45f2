// Looking at a message's marks by their place; a place behind the last mark holds nothing.
//
// Invariants  the message outlives it; it sees what a stage changes meanwhile.
#pragma once

#include <optional>
#include <string_view>

#include "parser/recognise/mark.hpp"
#include "parser/tables/lookup.hpp"

namespace vestari::parser {

// The value of the mark's further reading of this kind.
inline std::optional<std::int32_t> reading_of(const Mark& mark, Kind kind) noexcept {
    if ((mark.readings >> static_cast<unsigned>(kind) & 1U) == 0) {
        return std::nullopt;
    }
    return reading_of(mark.phrase, kind);
}

class Look {
public:
    explicit Look(const Message& message) : seen_{message} {}

    bool is(std::size_t i, Kind kind) const {
        return i < seen_.marks.size() && seen_.marks[i].kind == kind;
    }
    bool punct(std::size_t i, char32_t c) const {
        return is(i, Kind::punct) && seen_.marks[i].value == static_cast<std::int32_t>(c);
    }
    std::string_view word(std::size_t i) const {
        return i < seen_.marks.size() ? seen_.of(seen_.marks[i]) : std::string_view{};
    }

    // The mark is of this kind, or its words have such a reading too.
    bool reads(std::size_t i, Kind kind) const {
        return i < seen_.marks.size() &&
               (seen_.marks[i].kind == kind || reading_of(seen_.marks[i], kind).has_value());
    }

    std::optional<Cue> cue(std::size_t i) const {
        if (i >= seen_.marks.size()) {
            return std::nullopt;
        }
        const auto value = reading_of(seen_.marks[i], Kind::cue);
        return value ? std::optional<Cue>{static_cast<Cue>(*value)} : std::nullopt;
    }

    const Amount& amount(std::size_t mark) const {
        return seen_.amounts[static_cast<std::size_t>(seen_.marks[mark].value)];
    }

private:
    const Message& seen_;
};

} // namespace vestari::parser
