#include "vestari/config/nearest.hpp"

#include <algorithm>
#include <vector>

namespace vestari::config {
namespace {

constexpr std::size_t shortest_abbreviation = 4; // "currency" for "default_currency"
constexpr std::size_t abbreviation_costs = 2;

std::size_t distance(std::string_view word, std::string_view candidate) {
    const bool abbreviated =
        word.size() >= shortest_abbreviation && candidate.find(word) != std::string_view::npos;
    return abbreviated ? std::min(edit_distance(word, candidate), abbreviation_costs)
                       : edit_distance(word, candidate);
}

} // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    a = a.substr(0, max_compared);
    b = b.substr(0, max_compared);
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before_last.swap(last);
        last.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t differs = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + differs});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
    }
    return row[b.size()];
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
    std::string_view best;
    std::size_t least = 2 + word.size() / 3; // one in three letters and one more may differ
    for (const std::string_view candidate : candidates) {
        if (const std::size_t found = distance(word, candidate); found < least) {
            least = found;
            best = candidate;
        }
    }
    return best;
}

} // namespace vestari::config
