// Where in a line the words of one watch end: at the next watch, behind a lead, before a tail that speaks of all.
#include "parser/group/grouper.hpp"

namespace vestari::parser {

bool Grouper::separator(std::size_t i) const {
    if (!is(i, Kind::punct)) {
        const std::string_view w = word(i);
        return w.size() <= 3 && (w == "and" || w == "&" || w == "y" || w == "e" || w == "et" ||
                                 w == "und" || w == "en" || w == "or" || w == "och" || w == "и" ||
                                 w == "و" || w == "ou" || w == "o");
    }
    const std::int32_t c = m_.marks[i].value;
    if (c < 128) {
        constexpr std::uint64_t low = 1ULL << ',' | 1ULL << ';' | 1ULL << '/' | 1ULL << '+' |
                                      1ULL << '&' | 1ULL << '.' | 1ULL << '!' | 1ULL << '?';
        return c == '|' || (c < 64 && (low >> c & 1U) != 0);
    }
    return c == 0x2022 || c == 0x2014 || c == 0x2192 || c == 0x203c;
}

// Where the words of the item before end and those of the next reference begin.
std::size_t Grouper::boundary(std::size_t first, std::size_t next, bool price_first) const {
    std::size_t last_amount = 0;
    for (std::size_t i = first + 1; i < next; ++i) {
        if (is(i, Kind::amount) || is(i, Kind::percent) || is(i, Kind::masked)) {
            last_amount = i;
        }
    }
    if (price_first && last_amount != 0) {
        std::size_t from = last_amount;
        while (from > first + 1 && (is(from - 1, Kind::currency) || punct(from - 1, '+'))) {
            --from;
        }
        return from;
    }
    std::size_t from = last_amount == 0 ? first + 1 : last_amount + 1;
    while (last_amount != 0 && from < next && (is(from, Kind::currency))) {
        ++from;
    }
    std::size_t cut = 0;
    int depth = 0;
    for (std::size_t i = from; i < next; ++i) {
        depth += punct(i, '(') ? 1 : punct(i, ')') ? -1 : 0;
        if (separator(i) && depth <= 0) {
            cut = i + 1;
            if (last_amount != 0) {
                break;
            }
        }
    }
    if (cut != 0 && !(last_amount == 0 && cut == first + 1 && false)) {
        return cut;
    }
    // no mark between them: words that name the next watch stand right before it
    std::size_t at = next;
    while (at > from) {
        const Kind kind = m_.marks[at - 1].kind;
        const bool lead = kind == Kind::brand || kind == Kind::family || kind == Kind::side ||
                          kind == Kind::quantity || kind == Kind::punct || kind == Kind::word ||
                          (kind == Kind::currency) || kind == Kind::count;
        const bool trailing = kind == Kind::side &&
                              m_.marks[at - 1].value == static_cast<std::int32_t>(Side::sold) &&
                              is(at - 2, Kind::amount);
        if (!lead || trailing) {
            break;
        }
        --at;
    }
    return last_amount == 0 ? next : at;
}

// The words before the first watch of a line govern all its watches when a colon (or "both", "all") parts them from it.
std::size_t Grouper::lead_of_line(const Line& line, std::size_t first, bool price_first) const {
    if (price_first) {
        return line.range.from;
    }
    for (std::size_t i = first; i-- > line.range.from;) {
        if (punct(i, ':') || punct(i, 0x2014) || cue(i, Cue::both) || punct(i, 0x2192)) {
            return i + 1;
        }
        if (punct(i, '.') || punct(i, ',') || punct(i, '!')) {
            return i + 1;
        }
    }
    return line.range.from;
}

// "…, both 2023 bp", "- all new 2026 EUR": what stands behind the last watch's price and speaks of all.
std::size_t Grouper::shared_tail(std::size_t ident, std::size_t end, bool& each) const {
    std::size_t after = ident + 1;
    bool amount = false;
    for (std::size_t i = ident + 1; i < end; ++i) {
        each = each || cue(i, Cue::each);
    }
    for (std::size_t i = ident + 1; i < end; ++i) {
        if (cue(i, Cue::both) || cue(i, Cue::each)) {
            std::size_t from = i;
            while (from > ident + 1 && !separator(from - 1) && cue(i, Cue::each)) {
                --from;
            }
            return from;
        }
        if (is(i, Kind::amount) || is(i, Kind::percent)) {
            after = i + 1;
            amount = true;
        }
    }
    if (!amount) {
        for (std::size_t i = ident + 1; i < end; ++i) {
            if (separator(i) &&
                (plural(i, end) || (punct(i, '.') && i + 1 < end && is(i + 1, Kind::set)))) {
                return i;
            }
        }
        return end;
    }
    while (after < end && is(after, Kind::currency)) {
        ++after;
    }
    for (std::size_t i = after; i < end; ++i) {
        if (separator(i)) {
            return i;
        }
        if (is(i, Kind::currency) || plural(i, end)) {
            return i;
        }
    }
    return end;
}

bool Grouper::plural(std::size_t i, std::size_t end) const {
    for (std::size_t j = i; j < end; ++j) {
        const std::string_view w = word(j);
        if (cue(j, Cue::both) ||
            (is(j, Kind::set) && (w.ends_with("sets") || w.starts_with("all "))) ||
            w == "fullset only" || w.ends_with("complete sets") || w == "cards") {
            return true;
        }
    }
    return false;
}

} // namespace vestari::parser
