#include "ingest/cli/terminal/table.hpp"

#include <algorithm>
#include <numeric>

#include "ingest/cli/terminal/sanitise.hpp"
#include "vestari/base/check.hpp"

namespace vestari::terminal {
namespace {

constexpr std::size_t gap = 2;

// The columns that are shown, each with its width.
struct Layout {
    std::vector<std::size_t> shown;  // indices of columns
    std::vector<std::size_t> widths; // by column

    std::size_t total() const {
        const std::size_t gaps = shown.empty() ? 0 : (shown.size() - 1) * gap;
        return std::accumulate(shown.begin(), shown.end(), gaps,
                               [&](std::size_t sum, std::size_t i) { return sum + widths[i]; });
    }
};

std::size_t least_of(const Column& column, std::size_t natural) {
    return column.least == 0 ? natural : std::min(natural, column.least);
}

// Takes the missing columns from whatever is widest, one by one, down to the least widths. False: it is not enough.
bool shrink(Layout& layout, const std::vector<Column>& columns, std::size_t width) {
    for (std::size_t total = layout.total(); total > width; --total) {
        std::size_t widest = columns.size();
        for (const std::size_t i : layout.shown) {
            const bool can = layout.widths[i] > least_of(columns[i], layout.widths[i]);
            if (can && (widest == columns.size() || layout.widths[i] > layout.widths[widest])) {
                widest = i;
            }
        }
        if (widest == columns.size()) {
            return false;
        }
        --layout.widths[widest];
    }
    return true;
}

Layout lay_out(const std::vector<Column>& columns, const std::vector<std::size_t>& natural,
               std::size_t width) {
    Layout layout{{}, natural};
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (natural[i] != 0) {
            layout.shown.push_back(i);
        }
    }
    while (width != 0 && !shrink(layout, columns, width)) {
        layout.widths = natural;
        if (layout.shown.size() == 1) {
            layout.widths[layout.shown.front()] = width;
            break;
        }
        const auto least = std::min_element(
            layout.shown.begin(), layout.shown.end(), [&](std::size_t a, std::size_t b) {
                return columns[a].importance < columns[b].importance;
            });
        layout.shown.erase(least);
    }
    return layout;
}

void finish_line(std::string& out, std::size_t line_start) {
    const std::size_t last = out.find_last_not_of(' ');
    out.erase(std::max(line_start, last == std::string::npos ? 0 : last + 1));
    out += '\n';
}

} // namespace

void Table::add(std::vector<Cell> row) {
    VESTARI_CHECK(row.size() == columns_.size());
    for (Cell& cell : row) {
        cell.text = one_line(cell.text);
    }
    rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::natural_widths() const {
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        for (const std::vector<Cell>& row : rows_) {
            widths[i] = std::max(widths[i], width_of(row[i].text));
        }
        if (widths[i] != 0) {
            widths[i] = std::max(widths[i], width_of(columns_[i].title));
        }
    }
    return widths;
}

std::string Table::render(const Look& look) const {
    const Layout layout = lay_out(columns_, natural_widths(), look.width);
    std::string out;
    const auto line = [&](const auto& cell_of) {
        const std::size_t start = out.size();
        for (const std::size_t i : layout.shown) {
            const auto& [text, role] = cell_of(i);
            const std::string shown = pad(fit(text, layout.widths[i], look.ellipsis()),
                                          layout.widths[i], columns_[i].align);
            out += i == layout.shown.front() ? "" : std::string(gap, ' ');
            out += look.paint(role, shown);
        }
        finish_line(out, start);
    };
    line([&](std::size_t i) { return Cell{columns_[i].title, Role::strong}; });
    out += look.paint(Role::faint, repeated(look.rule(), layout.total()));
    out += '\n';
    for (const std::vector<Cell>& row : rows_) {
        line([&](std::size_t i) { return row[i]; });
    }
    return out;
}

} // namespace vestari::terminal
