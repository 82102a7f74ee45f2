// The watches of one message, each with its own words and what governs them (DOMAIN section 3.1).
//
// Invariants  items stand in the order of the text; an item's range holds whole marks of its message.
// Threads     one owner, one run; the message must outlive it.
// Errors      none: a message without references has no items.
#pragma once

#include <cstddef>
#include <vector>

#include "parser/group/facts.hpp"
#include "parser/group/mark_view.hpp"

namespace vestari::parser {

class Grouper : MarkView {
public:
    explicit Grouper(const Message& message) : MarkView{message} {}

    std::vector<Item> run();

private:
    struct Line {
        Range range;
        std::size_t idents = 0, amounts = 0;
        bool blank = false;
    };

    // the walk over the lines: items.cpp
    void split_lines();
    bool is_block() const;
    bool sub_line(const Line& line) const;
    void single();
    void take(Item& item);
    void several();
    void mark_listed();

    // lines without a watch: headings.cpp
    bool taken_back(Range range) const;
    void year_of_all(Range range, Facts& facts) const;
    bool more_items(std::size_t l) const;
    void drop_day(Range range, Facts& facts) const;
    void enter(Facts& header, const Facts& said) const;
    void footer(Range range);

    // a line with watches: row.cpp
    void split_line(std::size_t l, const Facts& header, Fact& side, std::size_t header_line);
    bool all_siblings(const Places& idents) const;
    bool is_price_first(const Line& line, const Places& idents) const;

    // where the words of one watch end: boundaries.cpp
    bool separator(std::size_t i) const;
    std::size_t boundary(std::size_t first, std::size_t next, bool price_first) const;
    std::size_t lead_of_line(const Line& line, std::size_t first, bool price_first) const;
    std::size_t shared_tail(std::size_t ident, std::size_t end, bool& each) const;
    bool plural(std::size_t i, std::size_t end) const;

    // prices of several watches: shared_price.cpp
    void pair_siblings(std::size_t first, const Places& idents);
    void share_amounts(std::size_t first, std::size_t count, Range shared, bool each);
    bool lot_line(const Line& line);
    void lot_price(std::size_t first, const Line& line);

    // several records of one reference: records.cpp
    void add_split(Item& item);
    bool distinct_chunk(std::size_t from, std::size_t to) const;
    static void inherit(Item& to, const Item& from);
    void sub_items(const Item& parent, Range line);

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

} // namespace vestari::parser
