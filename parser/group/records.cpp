// Several records of one reference: a dial, bracelet or card date with a price of its own.
#include "parser/group/grouper.hpp"

namespace vestari::parser {

// "blue 89 / black 88", "wht '24 28.4 // blk '24 26.6": further records of the same reference inside its words.
void Grouper::add_split(Item& item) {
    Places starts;
    bool priced = false;
    std::size_t chunk = item.range.from;
    for (std::size_t i = item.range.from; i < item.range.to; ++i) {
        if (is(i, Kind::amount)) {
            priced = i > item.ident;
            continue;
        }
        // "jub 122 oys 120": the next bracelet or dial right behind a price
        const bool next =
            (is(i, Kind::bracelet) || is(i, Kind::dial)) && i > 0 && is(i - 1, Kind::amount);
        if (next && priced && distinct_chunk(i, item.range.to)) {
            starts.push_back(i);
            priced = false;
            continue;
        }
        const bool cut = (separator(i) && !is(i, Kind::filler)) || is(i, Kind::newline);
        if (cut && priced && i > item.ident) {
            chunk = i + 1;
            if (distinct_chunk(chunk, item.range.to)) {
                starts.push_back(chunk);
                priced = false;
            }
        }
    }
    if (starts.empty()) {
        items_.push_back(std::move(item));
        return;
    }
    Facts tail;
    for (std::size_t i = starts.back(); i < item.range.to; ++i) {
        if (cue(i, Cue::both)) {
            collect(m_, {i, item.range.to}, tail, nullptr);
            tail.dial = {};
            item.range.to = i;
            break;
        }
    }
    item.governing.fill_from(tail);
    item.amounts.clear();
    Item first = item;
    first.range.to = starts.front();
    take(first);
    first.listed = true;
    items_.push_back(first);
    for (std::size_t s = 0; s < starts.size(); ++s) {
        Item next = item;
        next.range = {starts[s], s + 1 < starts.size() ? starts[s + 1] : item.range.to};
        take(next);
        next.listed = true;
        inherit(next, first);
        items_.push_back(next);
    }
}

// A dial or card date, then a price, before the next separation.
bool Grouper::distinct_chunk(std::size_t from, std::size_t to) const {
    bool named = false;
    for (std::size_t i = from; i < to && i < from + 12; ++i) {
        if (is(i, Kind::dial) || is(i, Kind::date) || is(i, Kind::bracelet)) {
            named = true;
        }
        if (is(i, Kind::amount)) {
            return named;
        }
        if (is(i, Kind::newline) || is(i, Kind::reference) || is(i, Kind::talk) ||
            (separator(i) && i > from && !(punct(i, '/') && m_.marks[i].glued))) {
            return false;
        }
        if (is(i, Kind::cue) || is(i, Kind::part)) {
            return false;
        }
    }
    return false;
}

void Grouper::inherit(Item& to, const Item& from) {
    Facts parent = from.own;
    parent.sold = {};
    parent.percent = {};
    parent.quantity = {};
    if (to.own.condition.said() && to.own.condition.value != parent.condition.value) {
        parent.year = {};
    }
    to.governing = from.governing;
    Facts merged = parent;
    merged.fill_from(to.governing);
    to.governing = merged;
    to.ident = from.ident;
}

void Grouper::sub_items(const Item& parent, Range line) {
    std::size_t from = line.from;
    bool priced = false;
    for (std::size_t i = line.from; i <= line.to; ++i) {
        const bool end = i == line.to;
        if (!end && is(i, Kind::amount)) {
            priced = true;
        }
        if (end || ((punct(i, '/') || punct(i, ',') || punct(i, '|') || punct(i, ';')) && priced)) {
            if (priced) {
                Item item = parent;
                item.range = {from, i};
                take(item);
                item.listed = true;
                inherit(item, parent);
                items_.push_back(item);
            }
            from = i + 1;
            priced = false;
        }
    }
}

} // namespace vestari::parser
