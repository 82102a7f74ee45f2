#include "parser/tables/lookup.hpp"

#include <algorithm>
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

class RowTree {
public:
    RowTree() {
        if (tables::references.size() > UINT16_MAX) {
            std::
                abort(); // the catalogue has outgrown the nodes: the first start of a build shows it
        }
        nodes_.reserve(tables::references.size() * 8);
        nodes_.resize(1);
        nodes_[0].last = static_cast<std::uint16_t>(tables::references.size());
        grow(0, 0);
        nodes_.resize(nodes_.size() + places); // every place that a base can lead to exists
    }
    const RowNode* root() const noexcept { return nodes_.data(); }

private:
    static constexpr std::size_t places = 36;

    static std::size_t place_of(std::size_t row, std::size_t depth) {
        const char c = tables::references[row].key[depth];
        return static_cast<std::size_t>(is_digit(c) ? c - '0' : c - 'a' + 10);
    }

    // A base at which none of the children's places is taken: the first for one child, a near one for several.
    std::size_t free_base(const std::vector<std::size_t>& starts, std::size_t depth) {
        std::size_t& from = starts.size() == 1 ? from_ : wide_from_;
        while (from < nodes_.size() && nodes_[from].up != 0) {
            ++from;
        }
        std::size_t tries = 0;
        for (std::size_t base = from - std::min(from - 1, place_of(starts[0], depth));; ++base) {
            if (nodes_.size() < base + places) {
                nodes_.resize(base + places);
            }
            if (std::none_of(starts.begin(), starts.end(), [&](std::size_t row) {
                    return nodes_[base + place_of(row, depth)].up != 0;
                })) {
                return base;
            }
            from += starts.size() > 1 && ++tries > 16 ? 1U : 0U;
        }
    }

    void grow(std::size_t node, std::size_t depth) {
        const auto rows = tables::references;
        const std::size_t last = nodes_[node].last;
        std::size_t row = nodes_[node].first;
        row += rows[row].key.size() == depth ? 1U : 0U;
        std::vector<std::size_t> starts; // the first row of each child
        for (std::size_t i = row; i < last; ++i) {
            if (starts.empty() || rows[i].key[depth] != rows[starts.back()].key[depth]) {
                starts.push_back(i);
            }
        }
        if (starts.empty()) {
            return;
        }
        const std::size_t base = free_base(starts, depth);
        nodes_[node].base = static_cast<std::int32_t>(base) - static_cast<std::int32_t>(node);
        for (std::size_t k = 0; k < starts.size(); ++k) {
            const std::size_t child = base + place_of(starts[k], depth);
            nodes_[child].up = static_cast<std::int32_t>(child) - static_cast<std::int32_t>(node);
            nodes_[child].first = static_cast<std::uint16_t>(starts[k]);
            nodes_[child].last =
                static_cast<std::uint16_t>(k + 1 < starts.size() ? starts[k + 1] : last);
        }
        for (const std::size_t start : starts) {
            grow(base + place_of(start, depth), depth + 1);
        }
    }

    std::vector<RowNode> nodes_;
    std::size_t from_ = 1;      // every place before it is taken
    std::size_t wide_from_ = 1; // few free places before it
};

} // namespace

RowRange all_rows() noexcept {
    static const RowTree tree;
    return {0, static_cast<std::int32_t>(tables::references.size()), tree.root()};
}

std::optional<std::int32_t> brand_index(std::string_view name) noexcept {
    const auto found = std::find(tables::brands.begin(), tables::brands.end(), name);
    if (found == tables::brands.end()) {
        return std::nullopt;
    }
    return static_cast<std::int32_t>(found - tables::brands.begin());
}

} // namespace vestari::parser
