// A table that fits its terminal: columns shrink to their least width, then the least important ones leave.
//
// Invariants  no line is wider than the look's width (a single column may be cut to it); every cell is one line; foreign text
//             is sanitised here, so a caller cannot forget it.
// Threads     one owner.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ingest/cli/terminal/style.hpp"
#include "ingest/cli/terminal/width.hpp"

namespace vestari::terminal {

struct Column {
    std::string title;
    Align align = Align::left;
    int importance = 0;    // the lowest leaves first; the highest never leaves
    std::size_t least = 0; // columns it may shrink to; 0: it does not shrink
};

struct Cell {
    std::string text;
    Role role = Role::plain;
};

class Table {
public:
    explicit Table(std::vector<Column> columns) : columns_{std::move(columns)} {}

    void add(std::vector<Cell> row); // as many cells as columns
    bool empty() const noexcept { return rows_.empty(); }
    std::size_t size() const noexcept { return rows_.size(); }

    // With a line feed after each line. A column in which no row says anything is left out.
    std::string render(const Look& look) const;

private:
    std::vector<std::size_t> natural_widths() const;

    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

} // namespace vestari::terminal
