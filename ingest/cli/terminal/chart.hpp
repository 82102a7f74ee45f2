// Prices by month as box plots in text: lowest to highest as a line, the middle half as a box, the median as a mark.
//
//     2026-01   4    ├──▒▒▒█▒▒────┤          12,150
//     2026-02   7       ├─▒▒█▒──┤            12,300
//             11,000              13,500
//
// Invariants  no line is wider than the look; every value lies on one common scale; without Unicode the same picture in ASCII.
// Threads     free functions without state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ingest/cli/terminal/style.hpp"

namespace vestari::terminal {

struct Box {
    std::string label;
    std::size_t count = 0; // 0: nothing is drawn; never of the first box
    std::int64_t lowest = 0;
    std::int64_t lower_quartile = 0;
    std::int64_t median = 0;
    std::int64_t upper_quartile = 0;
    std::int64_t highest = 0;
    std::string value; // the median as people write it
};

// `axis_low` and `axis_high` name the ends of the scale. Every line ends with a line feed.
std::string box_plot(const Look& look, const std::vector<Box>& boxes, const std::string& axis_low,
                     const std::string& axis_high);

} // namespace vestari::terminal
