// Reads the facts of a stretch of marks, and the amounts in it.
//
// Invariants  a fact said earlier stays unless a later mark is stronger; amounts stand in the order of the text.
// Threads     one owner, one run; message, facts and amounts must outlive it.
// Errors      none: a stretch that says nothing leaves the facts as they were.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "parser/group/facts.hpp"
#include "parser/group/mark_view.hpp"

namespace vestari::parser {

class Collector : MarkView {
public:
    // `amounts` may be null: then amounts are passed over.
    Collector(const Message& message, Facts& facts, Places* amounts)
        : MarkView{message}, f_{facts}, amounts_{amounts} {}

    void run(Range range);

private:
    const Mark& mark() const { return m_.marks[i_]; }

    // each mark, and facts of one word: collect.cpp
    void one();
    bool denied() const;
    void condition();
    void availability();
    static int rank(std::string_view name) noexcept;
    void dial();
    void currency();

    // sells, buys, sold: collect_side.cpp
    void side();
    bool offers_trade() const;
    bool told() const;
    bool another_follows() const;

    // box and papers: collect_set.cpp
    void set();
    void box_word();
    void settle_box_and_papers();

    // the card's date: collect_date.cpp
    void date();

    Facts& f_;
    Places* amounts_;
    std::size_t from_ = 0, to_ = 0, i_ = 0;
    int box_ = 0, papers_ = 0;
    std::size_t said_at_ = 0;
};

} // namespace vestari::parser
