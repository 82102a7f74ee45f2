#include "parser/tables/lookup.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>
#include <vector>

#include "parser/recognise/mark.hpp"

namespace vestari::parser {

namespace {

// How a phrase ends, which tells what may not follow it.
enum class Ending : std::uint8_t { letter, digit, spaced, other };

// Alphabets whose words stand between blanks: Cyrillic, Hebrew, Arabic, Greek.
bool spaced_alphabet(unsigned char lead) noexcept {
    return (lead >= 0xcd && lead <= 0xd3) || lead == 0xd7 || (lead >= 0xd8 && lead <= 0xdb);
}

Ending ending_of(std::string_view phrase) noexcept {
    std::size_t lead = phrase.size() - 1;
    while (lead > 0 && (static_cast<unsigned char>(phrase[lead]) & 0xc0U) == 0x80U) {
        --lead;
    }
    const char last = phrase[lead];
    return is_letter(last)                                     ? Ending::letter
           : is_digit(last)                                    ? Ending::digit
           : spaced_alphabet(static_cast<unsigned char>(last)) ? Ending::spaced
                                                               : Ending::other;
}

bool may_follow(Ending ending, bool currency, char next) noexcept {
    switch (ending) {
    case Ending::letter: return !is_letter(next) && (!is_digit(next) || currency);
    case Ending::digit: return !is_alnum(next);
    case Ending::spaced: return !spaced_alphabet(static_cast<unsigned char>(next));
    case Ending::other: break;
    }
    return true;
}

// The phrases as a tree of bytes in a double array: the child of a node for a byte stands at base + byte and names its parent.
class Tree {
public:
    static constexpr std::uint16_t nobody = 0xffff;
    struct Node {
        std::uint16_t base = 0;
        std::uint16_t parent = nobody;
        std::int16_t phrase = -1; // that ends here
        bool blank = false;
        bool currency : 1 = false; // may be followed by a digit
        Ending ending : 2 = Ending::other;
    };

    Tree() {
        place(1);
        grow(0, 0, tables::phrases.size(), 0);
        place(nodes_.size() + 256); // every base + byte exists
        if (nodes_.size() >= nobody || tables::phrases.size() > INT16_MAX) {
            std::
                abort(); // the vocabulary has outgrown the nodes: the first start of a build shows it
        }
    }

    const Node* root(char c) const noexcept { return child(nodes_.front(), c); }

    const Node* child(const Node& node, char c) const noexcept {
        const Node* const all = nodes_.data();
        const Node* const at = all + node.base + static_cast<unsigned char>(c);
        return at->parent == &node - all ? at : nullptr;
    }

private:
    using Groups = std::vector<std::pair<std::size_t, std::size_t>>;

    void place(std::size_t size) {
        if (nodes_.size() < size) {
            nodes_.resize(size);
        }
    }

    // A base at which none of the groups' bytes meets a node: the first for one byte, a near one for several.
    std::size_t free_base(const Groups& groups, std::size_t depth) {
        const auto byte = [&](std::size_t g) {
            return static_cast<unsigned char>(tables::phrases[groups[g].first].text[depth]);
        };
        std::size_t& from = groups.size() == 1 ? from_ : wide_from_;
        while (from < nodes_.size() && nodes_[from].parent != nobody) {
            ++from;
        }
        for (std::size_t base = from - byte(0), tries = 0;; ++base, ++tries) {
            from += groups.size() > 1 && tries > 32 ? 1U : 0U;
            place(base + 256);
            bool fits = true;
            for (std::size_t g = 0; g < groups.size() && fits; ++g) {
                fits = nodes_[base + byte(g)].parent == nobody;
            }
            if (fits) {
                return base;
            }
        }
    }

    // Children of `node` for the sorted phrases [from, to), which share their first `depth` characters.
    void grow(std::size_t node, std::size_t from, std::size_t to, std::size_t depth) {
        const auto phrases = tables::phrases;
        if (from < to && phrases[from].text.size() == depth) {
            nodes_[node].phrase = static_cast<std::int16_t>(from);
            nodes_[node].ending = ending_of(phrases[from].text);
            nodes_[node].currency =
                reading_of(static_cast<std::int32_t>(from), Kind::currency).has_value();
            ++from;
        }
        Groups groups;
        for (std::size_t i = from; i < to;) {
            std::size_t end = i + 1;
            while (end < to && phrases[end].text[depth] == phrases[i].text[depth]) {
                ++end;
            }
            groups.emplace_back(i, end);
            i = end;
        }
        if (groups.empty()) {
            return;
        }
        const std::size_t base = free_base(groups, depth);
        nodes_[node].base = static_cast<std::uint16_t>(base);
        const auto place_of = [&](std::size_t g) {
            return base + static_cast<unsigned char>(phrases[groups[g].first].text[depth]);
        };
        for (std::size_t g = 0; g < groups.size(); ++g) {
            nodes_[place_of(g)].parent = static_cast<std::uint16_t>(node);
            nodes_[place_of(g)].blank = phrases[groups[g].first].text[depth] == ' ';
        }
        for (std::size_t g = 0; g < groups.size(); ++g) {
            grow(place_of(g), groups[g].first, groups[g].second, depth + 1);
        }
    }

    std::vector<Node> nodes_;
    std::size_t from_ = 256;      // every place from 256 to here is taken
    std::size_t wide_from_ = 256; // few free places before it
};

const Tree& tree() {
    static const Tree grown;
    return grown;
}

// One character of text as phrases are spelled: every blank and dash is one blank.
char phrase_char(char c) noexcept { return c == '-' || c == '_' ? ' ' : c; }

} // namespace

std::optional<PhraseMatch> find_phrase(std::string_view text, std::size_t at) noexcept {
    const Tree& phrases = tree();
    std::optional<PhraseMatch> best;
    std::size_t pos = at;
    const Tree::Node* node = phrases.root(phrase_char(text[at]));
    while (node != nullptr) {
        ++pos;
        if (node->blank) { // a run of blanks counts once
            while (pos < text.size() && phrase_char(text[pos]) == ' ') {
                ++pos;
            }
        }
        if (node->phrase >= 0 &&
            (pos >= text.size() || may_follow(node->ending, node->currency, text[pos]))) {
            best = PhraseMatch{node->phrase, pos};
        }
        node = pos < text.size() ? phrases.child(*node, phrase_char(text[pos])) : nullptr;
    }
    return best;
}

namespace {

// Keys are ASCII.
constexpr std::size_t index_of(int c) noexcept { return static_cast<std::size_t>(c) % 128; }

// Where rows with these first one and two characters stand.
struct RowIndex {
    std::array<RowRange, 128> one{};
    std::array<RowRange, std::size_t{128} * 128> two{};
    std::array<RowRange, 1000> digits{}; // first three, all of them digits
    RowIndex() {
        const auto rows = tables::references;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto at = static_cast<std::int32_t>(i);
            const std::size_t first = index_of(rows[i].key[0]);
            extend(one[first], at);
            if (rows[i].key.size() > 1) {
                extend(two[first * 128 + index_of(rows[i].key[1])], at);
            }
            if (rows[i].key.size() > 2 && is_digit(rows[i].key[0]) && is_digit(rows[i].key[1]) &&
                is_digit(rows[i].key[2])) {
                extend(digits[number(rows[i].key[0], rows[i].key[1], rows[i].key[2])], at);
            }
        }
    }
    static std::size_t number(char a, char b, char c) noexcept {
        return index_of(a - '0') * 100 + index_of(b - '0') * 10 + index_of(c - '0');
    }
    static void extend(RowRange& range, std::int32_t row) {
        range.first = range.empty() ? row : range.first;
        range.last = row + 1;
    }
};

const RowIndex& row_index() {
    static const RowIndex built;
    return built;
}

} // namespace

RowRange all_rows() noexcept { return {0, static_cast<std::int32_t>(tables::references.size())}; }

RowRange narrow(RowRange range, std::size_t depth, char c) noexcept {
    const auto rows = tables::references;
    if (depth == 0) {
        return row_index().one[static_cast<std::size_t>(c) % 128];
    }
    if (depth == 1 && !range.empty()) {
        const auto before = index_of(rows[static_cast<std::size_t>(range.first)].key[0]);
        return row_index().two[before * 128 + static_cast<std::size_t>(c) % 128];
    }
    if (depth == 2 && !range.empty() && is_digit(c)) {
        const std::string_view key = rows[static_cast<std::size_t>(range.first)].key;
        if (is_digit(key[0]) && is_digit(key[1])) {
            return row_index().digits[RowIndex::number(key[0], key[1], c)];
        }
    }
    while (!range.empty() && rows[static_cast<std::size_t>(range.first)].key.size() <= depth) {
        ++range.first;
    }
    if (range.last - range.first <= 12) { // most ranges: a walk costs less than a search
        std::int32_t from = range.first;
        while (from < range.last && rows[static_cast<std::size_t>(from)].key[depth] < c) {
            ++from;
        }
        std::int32_t to = from;
        while (to < range.last && rows[static_cast<std::size_t>(to)].key[depth] == c) {
            ++to;
        }
        return from == to ? RowRange{0, 0} : RowRange{from, to};
    }
    const auto key_char = [depth](const ReferenceRow& row) { return row.key[depth]; };
    const auto begin = rows.begin() + range.first;
    const auto end = rows.begin() + range.last;
    if (begin >= end) {
        return {0, 0};
    }
    const auto from = std::lower_bound(
        begin, end, c, [&](const ReferenceRow& row, char w) { return key_char(row) < w; });
    const auto to = std::upper_bound(
        from, end, c, [&](char w, const ReferenceRow& row) { return w < key_char(row); });
    return {static_cast<std::int32_t>(from - rows.begin()),
            static_cast<std::int32_t>(to - rows.begin())};
}

std::optional<std::int32_t> brand_index(std::string_view name) noexcept {
    const auto found = std::find(tables::brands.begin(), tables::brands.end(), name);
    if (found == tables::brands.end()) {
        return std::nullopt;
    }
    return static_cast<std::int32_t>(found - tables::brands.begin());
}

} // namespace vestari::parser
