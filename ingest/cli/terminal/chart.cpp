#include "ingest/cli/terminal/chart.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ingest/cli/terminal/width.hpp"

namespace vestari::terminal {
namespace {

constexpr std::size_t longest_plot = 60;
constexpr std::size_t shortest_plot = 8;

struct Scale {
    std::int64_t low = 0;
    std::int64_t high = 0;
    std::size_t length = 1;

    std::size_t at(std::int64_t value) const {
        if (high <= low) {
            return length / 2;
        }
        // Prices stay far below 2^53: a position on screen may be a double, money may not.
        const double share = static_cast<double>(value - low) / static_cast<double>(high - low);
        return static_cast<std::size_t>(std::lround(share * static_cast<double>(length - 1)));
    }
};

struct Glyphs {
    std::string_view line, box, median, left_end, right_end;
};
constexpr Glyphs drawn{"─", "▒", "█", "├", "┤"};
constexpr Glyphs typed{"-", "=", "#", "|", "|"};

std::string plot(const Look& look, const Box& box, const Scale& scale) {
    if (box.count == 0) {
        return std::string(scale.length, ' ');
    }
    const Glyphs& glyphs = look.unicode ? drawn : typed;
    const std::size_t first = scale.at(box.lowest);
    const std::size_t last = scale.at(box.highest);
    const std::size_t from = scale.at(box.lower_quartile);
    const std::size_t to = scale.at(box.upper_quartile);
    const std::size_t median = scale.at(box.median);
    std::string text(first, ' ');
    for (std::size_t i = first; i <= last; ++i) {
        if (i == median) {
            text += look.paint(Role::accent, glyphs.median);
        } else if (i >= from && i <= to) {
            text += look.paint(Role::accent, glyphs.box);
        } else {
            text += look.paint(Role::faint, i == first  ? glyphs.left_end
                                            : i == last ? glyphs.right_end
                                                        : glyphs.line);
        }
    }
    return text + std::string(scale.length - last - 1, ' ');
}

struct Widths {
    std::size_t label = 0, count = 0, value = 0;
};

Widths measure(const std::vector<Box>& boxes) {
    Widths widths;
    for (const Box& box : boxes) {
        widths.label = std::max(widths.label, width_of(box.label));
        widths.count = std::max(widths.count, fmt::formatted_size("{}", box.count));
        widths.value = std::max(widths.value, width_of(box.value));
    }
    return widths;
}

} // namespace

std::string box_plot(const Look& look, const std::vector<Box>& boxes, const std::string& axis_low,
                     const std::string& axis_high) {
    if (boxes.empty()) {
        return {};
    }
    const Widths widths = measure(boxes);
    const std::size_t beside = 2 + widths.label + 2 + widths.count + 2 + 2 + widths.value;
    const std::size_t room = look.columns() > beside ? look.columns() - beside : 0;
    Scale scale{boxes.front().lowest, boxes.front().highest, std::min(room, longest_plot)};
    for (const Box& box : boxes) {
        scale.low = box.count == 0 ? scale.low : std::min(scale.low, box.lowest);
        scale.high = box.count == 0 ? scale.high : std::max(scale.high, box.highest);
    }
    const bool plots = scale.length >= shortest_plot;
    std::string out;
    for (const Box& box : boxes) {
        out +=
            fmt::format("  {}  {}  ", pad(box.label, widths.label),
                        look.paint(Role::faint, pad(box.count == 0 ? std::string{}
                                                                   : fmt::format("{}", box.count),
                                                    widths.count, Align::right)));
        if (plots) {
            out += plot(look, box, scale) + "  ";
        }
        out += pad(box.value, widths.value, Align::right);
        out.erase(out.find_last_not_of(' ') + 1);
        out += '\n';
    }
    const std::size_t ends = width_of(axis_low) + width_of(axis_high);
    if (plots && scale.high > scale.low && ends + 1 <= scale.length) {
        const std::size_t margin = 2 + widths.label + 2 + widths.count + 2;
        out +=
            std::string(margin, ' ') +
            look.paint(Role::faint, axis_low + std::string(scale.length - ends, ' ') + axis_high) +
            "\n";
    }
    return out;
}

} // namespace vestari::terminal
