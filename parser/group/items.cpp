// Lines to items: which words speak of which watch (DOMAIN section 3.1).
#include "parser/group/facts.hpp"
#include "parser/tables/lookup.hpp"

namespace vestari::parser {

namespace {

struct Line {
    Range range;
    std::size_t idents = 0, amounts = 0;
    bool blank = false;
};

class Grouper {
public:
    explicit Grouper(const Message& message) : m_{message} {}

    std::vector<Item> run() {
        split_lines();
        if (total_ == 0) {
            return {};
        }
        block_ = is_block();
        if (total_ == 1) {
            single();
        } else {
            several();
        }
        return std::move(items_);
    }

private:
    bool is(std::size_t i, Kind kind) const {
        return i < m_.marks.size() && m_.marks[i].kind == kind;
    }
    bool punct(std::size_t i, char32_t c) const {
        return is(i, Kind::punct) && m_.marks[i].value == static_cast<std::int32_t>(c);
    }
    bool cue(std::size_t i, Cue wanted) const {
        return i < m_.marks.size() && m_.marks[i].phrase >= 0 &&
               reading_of(m_.marks[i].phrase, Kind::cue) == static_cast<std::int32_t>(wanted);
    }
    std::string_view word(std::size_t i) const {
        return i < m_.marks.size() ? m_.of(m_.marks[i]) : std::string_view{};
    }

    void split_lines() {
        Line line;
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
    bool is_block() const {
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
    bool sub_line(const Line& line) const {
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
    void single() {
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
            const Item parent = item;
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

    void take(Item& item) {
        item.own = {};
        item.amounts.clear();
        collect(m_, item.range, item.own, &item.amounts);
    }

    bool separator(std::size_t i) const {
        if (!is(i, Kind::punct)) {
            const std::string_view w = word(i);
            return w == "and" || w == "&" || w == "y" || w == "e" || w == "et" || w == "und" ||
                   w == "en" || w == "or" || w == "och" || w == "и" || w == "و" || w == "ou" ||
                   w == "o";
        }
        const std::int32_t c = m_.marks[i].value;
        return c == ',' || c == ';' || c == '/' || c == '|' || c == '+' || c == '&' ||
               c == 0x2022 || c == 0x2014 || c == '.' || c == 0x2192 || c == '!' || c == 0x203c ||
               c == '?';
    }

    // Where the words of the item before end and those of the next reference begin.
    std::size_t boundary(std::size_t first, std::size_t next, bool price_first) const {
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

    void several() {
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

    bool taken_back(Range range) const {
        for (std::size_t i = range.from; i < range.to; ++i) {
            if (is(i, Kind::correction) && m_.marks[i].phrase < 0) {
                return true;
            }
        }
        return false;
    }

    // "all 23 fs" in a header or footer: a bare year.
    void year_of_all(Range range, Facts& facts) const {
        bool all = false;
        for (std::size_t i = range.from; i < range.to; ++i) {
            all = all || cue(i, Cue::both);
            if (all && is(i, Kind::amount) && !facts.year.said()) {
                const Amount& amount = m_.amounts[static_cast<std::size_t>(m_.marks[i].value)];
                if (amount.plain_digits == 2 && amount.power == 0 &&
                    amount.currency == no_currency && amount.digits <= 30) {
                    facts.year.say(static_cast<std::int32_t>(2000 + amount.digits), i);
                }
            }
        }
    }

    bool more_items(std::size_t l) const { return l < last_named_; }

    // A date with a day in a header dates the list, not the cards.
    void drop_day(Range range, Facts& facts) const {
        for (std::size_t i = range.from; i < range.to; ++i) {
            if (is(i, Kind::date)) {
                const Date& date = m_.dates[static_cast<std::size_t>(m_.marks[i].value)];
                if (date.code == 0 && date.year == 0) {
                    facts.month = {};
                }
                const std::string_view w = word(i);
                if (date.code == 0 && date.month != 0 && w.size() <= 5 &&
                    w.find('/') != std::string_view::npos) {
                    facts.month = {};
                    facts.year = {};
                }
            }
        }
    }

    void enter(Facts& header, const Facts& said) const {
        Facts next = said;
        const bool new_state = said.condition.said();
        const bool buying =
            said.side.said() && said.side.value == static_cast<std::int32_t>(Side::buy);
        Facts old = header;
        if (said.set.said() || buying) {
            if (buying || said.set.value == static_cast<std::int32_t>(Set::watch_only)) {
                old.year = {};
                old.month = {};
            }
        }
        if (buying ||
            (said.side.said() && header.side.said() && said.side.value != header.side.value)) {
            old.set = {};
            old.year = {};
        }
        if (new_state && said.condition.value == static_cast<std::int32_t>(Condition::used)) {
            old.year = {};
            old.month = {};
        }
        // what names one watch does not run on
        next.dial = {};
        next.quantity = {};
        next.percent = {};
        old.dial = {};
        old.bracelet = {};
        old.metal = {};
        old.sold = {};
        next.fill_from(old);
        header = next;
    }

    void footer(Range range) {
        Facts facts;
        collect(m_, range, facts, nullptr);
        year_of_all(range, facts);
        facts.side = {};
        facts.sold = {};
        facts.dial = {};
        facts.bracelet = {};
        facts.metal = {};
        facts.brand = {};
        facts.quantity = {};
        facts.percent = {};
        footer_.fill_from(facts);
    }

    void split_line(std::size_t l, const Facts& header, Fact& side, std::size_t header_line) {
        const Line& line = lines_[l];
        std::vector<std::size_t> idents;
        for (std::size_t i = line.range.from; i < line.range.to; ++i) {
            if (is(i, Kind::reference)) {
                idents.push_back(i);
            }
        }
        const bool price_first = is_price_first(line, idents);
        std::vector<std::size_t> cuts{line.range.from};
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

    bool all_siblings(const std::vector<std::size_t>& idents) const {
        for (std::size_t k = 1; k < idents.size(); ++k) {
            if (idents[k] != idents[k - 1] + 1 || !m_.marks[idents[k]].glued) {
                return false;
            }
        }
        return true;
    }

    // "£8.6k 126610LN 2021; £10.4k 126610LV": prices stand before their watches.
    bool is_price_first(const Line& line, const std::vector<std::size_t>& idents) const {
        std::size_t before = 0;
        for (std::size_t i = line.range.from; i < idents.front(); ++i) {
            before += is(i, Kind::amount) ? 1U : 0U;
        }
        if (before == 0) {
            return false;
        }
        for (std::size_t i = idents.back() + 1; i < line.range.to; ++i) {
            if (is(i, Kind::amount) &&
                !m_.amounts[static_cast<std::size_t>(m_.marks[i].value)].used) {
                return false;
            }
        }
        return true;
    }

    // The words before the first watch of a line govern all its watches when a colon (or "both", "all") parts them from it.
    std::size_t lead_of_line(const Line& line, std::size_t first, bool price_first) const {
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
    std::size_t shared_tail(std::size_t ident, std::size_t end, bool& each) const {
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

    bool plural(std::size_t i, std::size_t end) const {
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

    // 126610LN/LV … 95.5/111.5k
    void pair_siblings(std::size_t first, const std::vector<std::size_t>& idents) {
        for (std::size_t k = 1; k < idents.size(); ++k) {
            if (idents[k] != idents[k - 1] + 1 || !m_.marks[idents[k]].glued ||
                first + k >= items_.size()) {
                continue;
            }
            Item& one = items_[first + k - 1];
            Item& two = items_[first + k];
            one.governing.fill_from(two.own);
            for (std::size_t a = 0; a + 1 < two.amounts.size(); ++a) {
                if (m_.amounts[static_cast<std::size_t>(m_.marks[two.amounts[a + 1]].value)].pair) {
                    one.amounts.assign(1, two.amounts[a]);
                    two.amounts.assign(1, two.amounts[a + 1]);
                    break;
                }
            }
            if (one.amounts.empty() && two.amounts.size() == 1) {
                one.amounts = two.amounts;
            }
        }
    }

    void share_amounts(std::size_t first, std::size_t count, Range shared, bool each) {
        if (count < 2) {
            return;
        }
        std::vector<std::size_t> amounts;
        Facts unused;
        collect(m_, shared, unused, &amounts);
        amounts.resize(std::min<std::size_t>(amounts.size(), 4));
        for (std::size_t k = first; k < items_.size() && each; ++k) {
            if (items_[k].amounts.empty()) {
                items_[k].amounts = amounts;
                items_[k].each = true;
            }
        }
    }

    // "$38k for all three" on a line of its own, below watches without a price.
    bool lot_line(const Line& line) {
        bool package = false;
        for (std::size_t i = line.range.from; i < line.range.to; ++i) {
            package = package || cue(i, Cue::package);
        }
        if (!package || line.amounts == 0) {
            return false;
        }
        std::size_t unpriced = 0;
        while (unpriced < items_.size() && items_[items_.size() - 1 - unpriced].amounts.empty()) {
            ++unpriced;
        }
        if (unpriced < 2) {
            return false;
        }
        for (std::size_t k = items_.size() - unpriced; k < items_.size(); ++k) {
            items_[k].lot = true;
        }
        return true;
    }

    // One price for several watches is nobody's price.
    void lot_price(std::size_t first, const Line& line) {
        bool package = false;
        for (std::size_t i = line.range.from; i < line.range.to; ++i) {
            package = package || cue(i, Cue::package);
        }
        if (items_.size() - first < 2 || !package) {
            return;
        }
        std::size_t priced = 0;
        for (std::size_t k = first; k < items_.size(); ++k) {
            priced += items_[k].amounts.empty() ? 0U : 1U;
        }
        if (priced <= 1) {
            for (std::size_t k = first; k < items_.size(); ++k) {
                items_[k].lot = true;
            }
        }
    }

    // "blue 89 / black 88", "wht '24 28.4 // blk '24 26.6": further records of the same reference inside its words.
    void add_split(Item& item) {
        std::vector<std::size_t> starts;
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
    bool distinct_chunk(std::size_t from, std::size_t to) const {
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

    static void inherit(Item& to, const Item& from) {
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

    void sub_items(const Item& parent, Range line) {
        std::size_t from = line.from;
        bool priced = false;
        for (std::size_t i = line.from; i <= line.to; ++i) {
            const bool end = i == line.to;
            if (!end && is(i, Kind::amount)) {
                priced = true;
            }
            if (end ||
                ((punct(i, '/') || punct(i, ',') || punct(i, '|') || punct(i, ';')) && priced)) {
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

    void mark_listed() {
        if (footer_.any()) {
            for (Item& item : items_) {
                item.governing.fill_from(footer_);
            }
        }
        for (std::size_t k = 0; k < items_.size(); ++k) {
            items_[k].listed = items_[k].listed || items_.size() >= 2;
        }
    }

    const Message& m_;
    std::vector<Line> lines_;
    std::vector<Item> items_;
    std::size_t total_ = 0;
    bool block_ = false;
    bool blanks_ = false;
    std::size_t last_named_ = 0; // line
    Facts footer_;
    Item parent_;
    bool parent_taken_ = false;
};

} // namespace

std::vector<Item> group_items(const Message& message) { return Grouper{message}.run(); }

} // namespace vestari::parser
