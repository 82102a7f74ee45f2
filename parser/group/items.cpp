// Lines to items: which words speak of which watch (DOMAIN section 3.1).
//
// Here the walk over the lines; what a single line or heading does is in the files beside it (grouper.hpp).
#include "parser/group/grouper.hpp"

namespace vestari::parser {

std::vector<Item> Grouper::run() {
    split_lines();
    if (total_ == 0) {
        return {};
    }
    block_ = is_block();
    items_.reserve(total_);
    if (total_ == 1) {
        single();
    } else {
        several();
    }
    return std::move(items_);
}

void Grouper::split_lines() {
    Line line;
    lines_.reserve(16);
    for (std::size_t i = 0; i <= m_.marks.size(); ++i) {
        if (i == m_.marks.size() || m_.marks[i].kind == Kind::newline) {
            line.range.to = i;
            line.blank = line.range.from == i;
            blanks_ = blanks_ || line.blank;
            last_named_ = line.idents > 0 ? lines_.size() : last_named_;
            lines_.push_back(line);
            line = {};
            line.range.from = i + 1;
            continue;
        }
        line.idents += m_.marks[i].kind == Kind::reference ? 1U : 0U;
        line.amounts +=
            m_.marks[i].kind == Kind::amount || m_.marks[i].kind == Kind::masked ? 1U : 0U;
        total_ += m_.marks[i].kind == Kind::reference ? 1U : 0U;
    }
}

// Items of several lines: prices stand on lines without a reference, below references without a price.
bool Grouper::is_block() const {
    std::size_t open = 0;

    bool waiting = false;
    for (const Line& line : lines_) {
        if (line.idents > 0) {
            waiting = line.amounts == 0 && line.idents == 1;
        } else if (line.amounts > 0 && waiting && !sub_line(line)) {
            ++open;
            waiting = false;
        }
    }
    return open > 0;
}

// "- wim 93": a dial and its price, below the reference they belong to.
bool Grouper::sub_line(const Line& line) const {
    if (line.idents != 0 || line.amounts == 0) {
        return false;
    }
    bool dial = false;
    for (std::size_t i = line.range.from; i < line.range.to; ++i) {
        if (is(i, Kind::veto) || (is(i, Kind::talk) && m_.marks[i].value >= 2)) {
            return false; // other goods
        }
        dial = dial || is(i, Kind::dial);
        if (is(i, Kind::amount)) {
            return dial;
        }
    }
    return false;
}

// All words belong to the one watch, but for sub-lines with a dial and price of their own.
void Grouper::single() {
    Item item;
    for (std::size_t i = 0; i < m_.marks.size(); ++i) {
        item.ident = is(i, Kind::reference) ? i : item.ident;
    }
    item.alone = true;
    for (std::size_t l = 0; l < lines_.size(); ++l) {
        if (lines_[l].idents > 0) {
            item.line = l;
        }
    }
    std::size_t end = m_.marks.size();
    for (std::size_t l = item.line + 1; l < lines_.size(); ++l) {
        if (sub_line(lines_[l]) && lines_[item.line].amounts == 0) {
            end = std::min(end, lines_[l].range.from);
        }
    }
    item.range = {0, end};
    take(item);
    if (end < m_.marks.size()) {
        const Item& parent = item;
        for (std::size_t l = item.line + 1; l < lines_.size(); ++l) {
            if (lines_[l].range.from >= end) {
                sub_items(parent, lines_[l].range);
            }
        }
    } else {
        add_split(item);
    }
    mark_listed();
}

void Grouper::take(Item& item) {
    item.own = {};
    item.amounts.clear();
    collect(m_, item.range, item.own, &item.amounts);
}

// NOLINTNEXTLINE(readability-function-size): the forms of a list, tried in their order
void Grouper::several() {
    Facts header; // in force for what follows
    std::size_t header_line = 0;
    Fact side; // running side
    std::ptrdiff_t open = -1;
    bool sub_ready = false;
    for (std::size_t l = 0; l < lines_.size(); ++l) {
        const Line& line = lines_[l];
        if (line.blank) {
            open = -1;
            continue;
        }
        if (line.idents == 0 && taken_back(line.range)) {
            continue;
        }
        if (line.idents == 0 && lot_line(line)) {
            footer(line.range);
            open = -1;
            continue;
        }
        if (line.idents == 0) {
            if (sub_ready && sub_line(line) && !items_.empty()) {
                const Item parent = parent_;
                if (!parent_taken_) {
                    items_.pop_back();
                    parent_taken_ = true;
                }
                sub_items(parent, line.range);
                continue;
            }
            if (open >= 0 && block_) {
                Item& item = items_[static_cast<std::size_t>(open)];
                Facts more;
                const bool had_price = !item.amounts.empty();
                collect(m_, line.range, more, &item.amounts);
                item.own.fill_from(more);
                item.range.to = line.range.to;
                if (had_price || item.amounts.empty()) {
                    continue;
                }
                const bool blanks = blanks_;
                open = blanks ? open : -1;
                continue;
            }
            if (more_items(l)) {
                Facts facts;
                collect(m_, line.range, facts, nullptr);
                drop_day(line.range, facts);
                year_of_all(line.range, facts);
                if (facts.any()) {
                    enter(header, facts);
                    header_line = l;
                }
                if (facts.side.said()) {
                    side = facts.side;
                }
                sub_ready = false;
            } else {
                footer(line.range);
            }
            open = -1;
            continue;
        }
        const std::size_t before = items_.size();
        split_line(l, header, side, header_line);
        sub_ready = items_.size() == before + 1;
        if (sub_ready) {
            parent_ = items_.back();
            parent_taken_ = !items_.back().amounts.empty();
            sub_ready = items_.back().amounts.empty();
        }
        open = items_.size() == before + 1 && items_.back().amounts.empty()
                   ? static_cast<std::ptrdiff_t>(before)
                   : -1;
        if (open < 0 && block_ && items_.size() == before + 1) {
            open = -1;
        }
    }
    mark_listed();
}

void Grouper::mark_listed() {
    if (footer_.any()) {
        for (Item& item : items_) {
            item.governing.fill_from(footer_);
        }
    }
    for (std::size_t k = 0; k < items_.size(); ++k) {
        items_[k].listed = items_[k].listed || items_.size() >= 2;
    }
}

std::vector<Item> group_items(const Message& message) { return Grouper{message}.run(); }

} // namespace vestari::parser
