#include "ingest/config/nearest.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace vestari::config {
namespace {

constexpr std::size_t shortest_abbreviation = 4; // "currency" for "default_currency"

std::string_view last_part(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? name : name.substr(dot + 1);
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
    std::size_t least = std::numeric_limits<std::size_t>::max();
    for (const std::string_view candidate : candidates) {
        const std::size_t whole = edit_distance(word, candidate);
        const std::size_t last = edit_distance(last_part(word), last_part(candidate)) + 1;
        const bool abbreviated =
            last_part(word).size() >= shortest_abbreviation &&
            last_part(candidate).find(last_part(word)) != std::string_view::npos;
        const std::size_t distance = std::min({whole, last, abbreviated ? std::size_t{2} : last});
        if (distance < least) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace vestari::config
