// A line with watches: each gets its words, and what the line says of all of them.
#include "parser/group/grouper.hpp"

namespace vestari::parser {

// NOLINTNEXTLINE(readability-function-size): where a line is cut, rule by rule
void Grouper::split_line(std::size_t l, const Facts& header, Fact& side, std::size_t header_line) {
    const Line& line = lines_[l];
    Places idents;
    for (std::size_t i = line.range.from; i < line.range.to; ++i) {
        if (is(i, Kind::reference)) {
            idents.push_back(i);
        }
    }
    const bool price_first = is_price_first(line, idents);
    Places cuts;
    cuts.push_back(line.range.from);
    for (std::size_t k = 1; k < idents.size(); ++k) {
        const bool sibling = idents[k] == idents[k - 1] + 1 && m_.marks[idents[k]].glued;
        cuts.push_back(sibling ? idents[k] : boundary(idents[k - 1], idents[k], price_first));
    }
    cuts.push_back(line.range.to);
    Facts lead;
    std::size_t lead_end = line.range.from;
    if (idents.size() > 1) {
        lead_end = lead_of_line(line, idents.front(), price_first);
        if (lead_end > line.range.from) {
            collect(m_, {line.range.from, lead_end}, lead, nullptr);
        } else if (!price_first) {
            // without a colon only what cannot be one watch's alone
            Facts loose;
            collect(m_, {line.range.from, idents.front()}, loose, nullptr);
            lead.place = loose.place;
            lead.availability = loose.availability;
            lead.currency = loose.currency;
            lead.tether = loose.tether;
            if (loose.plural_set) {
                lead.set = loose.set;
            }
        }
        lead.quantity = {};
        lead.dial = {};
    }
    Facts shared;
    std::size_t shared_from = line.range.to;
    bool each = false;
    const bool siblings = all_siblings(idents);
    if (idents.size() > 1 && !siblings) {
        shared_from = shared_tail(idents.back(), line.range.to, each);
        if (shared_from < line.range.to) {
            collect(m_, {shared_from, line.range.to}, shared, nullptr);
            shared.dial = {};
        }
    }
    const std::size_t first_item = items_.size();
    for (std::size_t k = 0; k < idents.size(); ++k) {
        Item item;
        item.ident = idents[k];
        item.line = l;
        item.range = {k == 0 ? std::max(cuts[0], lead_end) : cuts[k],
                      k + 1 == idents.size() ? shared_from : cuts[k + 1]};
        take(item);
        item.header_distance = l - header_line;
        if (item.own.side.said() && static_cast<std::size_t>(item.own.side.mark) < item.ident) {
            side = item.own.side;
        }
        item.governing = lead;
        item.governing.fill_from(shared);
        Facts from_header = header;
        if (side.said()) {
            from_header.side = side;
        }
        item.governing.fill_from(from_header);
        if (lead.side.said()) {
            side = lead.side;
        }
        add_split(item);
    }
    pair_siblings(first_item, idents);
    share_amounts(first_item, idents.size(), {shared_from, line.range.to}, each);
    lot_price(first_item, line);
}

bool Grouper::all_siblings(const Places& idents) const {
    for (std::size_t k = 1; k < idents.size(); ++k) {
        if (idents[k] != idents[k - 1] + 1 || !m_.marks[idents[k]].glued) {
            return false;
        }
    }
    return true;
}

// "£8.6k 126610LN 2021; £10.4k 126610LV": prices stand before their watches.
bool Grouper::is_price_first(const Line& line, const Places& idents) const {
    std::size_t before = 0;
    for (std::size_t i = line.range.from; i < idents.front(); ++i) {
        before += is(i, Kind::amount) ? 1U : 0U;
    }
    if (before == 0) {
        return false;
    }
    for (std::size_t i = idents.back() + 1; i < line.range.to; ++i) {
        if (is(i, Kind::amount) && !m_.amounts[static_cast<std::size_t>(m_.marks[i].value)].used) {
            return false;
        }
    }
    return true;
}

} // namespace vestari::parser
