// Watches and prices that do not stand one to one: paired, each the same, one for the lot.
#include "parser/group/grouper.hpp"

namespace vestari::parser {

// 126610LN/LV … 95.5/111.5k
void Grouper::pair_siblings(std::size_t first, const Places& idents) {
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
                one.amounts.be(two.amounts[a]);
                two.amounts.be(two.amounts[a + 1]);
                break;
            }
        }
        if (one.amounts.empty() && two.amounts.size() == 1) {
            one.amounts = two.amounts;
        }
    }
}

void Grouper::share_amounts(std::size_t first, std::size_t count, Range shared, bool each) {
    if (count < 2) {
        return;
    }
    Places amounts;
    Facts unused;
    collect(m_, shared, unused, &amounts);
    amounts.keep_first(4);
    for (std::size_t k = first; k < items_.size() && each; ++k) {
        if (items_[k].amounts.empty()) {
            items_[k].amounts = amounts;
            items_[k].each = true;
        }
    }
}

// "$38k for all three" on a line of its own, below watches without a price.
bool Grouper::lot_line(const Line& line) {
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
void Grouper::lot_price(std::size_t first, const Line& line) {
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

} // namespace vestari::parser
