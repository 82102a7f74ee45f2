#include "tests/sim/referee/pattern.hpp"

#include <charconv>

#include "vestari/base/check.hpp"

namespace vestari::sim {

namespace {

constexpr std::size_t endless = std::size_t{1} << 24U;

class Reader {
public:
    explicit Reader(std::string_view text) : left_{text} {}

    std::string_view word() {
        const std::size_t from = std::min(left_.find_first_not_of(" \n"), left_.size());
        left_.remove_prefix(from);
        const std::string_view found = left_.substr(0, left_.find_first_of(" \n"));
        left_.remove_prefix(found.size());
        return found;
    }
    std::string_view peek() const { return Reader{left_}.word(); }

private:
    std::string_view left_;
};

std::size_t number(std::string_view digits) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    VESTARI_CHECK(error == std::errc{} && end == digits.data() + digits.size());
    return value;
}

std::pair<std::size_t, std::size_t> range(std::string_view text) {
    if (text == "*") {
        return {1, endless};
    }
    const std::size_t dash = text.find('-');
    const std::size_t least = number(text.substr(0, dash));
    return {least, dash == std::string_view::npos ? least : number(text.substr(dash + 1))};
}

void set_tag(Pattern& pattern, std::string_view word) {
    constexpr std::string_view counts = "?+*";
    VESTARI_CHECK(!word.empty());
    if (const std::size_t at = counts.find(word.back()); at != std::string_view::npos) {
        pattern.count = static_cast<Pattern::Count>(at + 1);
        word.remove_suffix(1);
    }
    pattern.tag = word;
}

// The depth is that of the table's own text.
Pattern read(Reader& from) {
    Pattern pattern;
    set_tag(pattern, from.word());
    while (true) {
        const std::string_view next = from.peek();
        if (next.starts_with(':')) {
            std::tie(pattern.least, pattern.most) = range(from.word().substr(1));
        } else if (next == "{") {
            from.word();
            while (from.peek() != "}") {
                pattern.children.push_back(read(from));
            }
            from.word();
            return pattern;
        } else if (const std::size_t equals = next.find('='); equals != std::string_view::npos) {
            from.word();
            const bool optional = next[equals - 1] == '?';
            pattern.attributes.push_back(
                {std::string{next.substr(0, optional ? equals - 1 : equals)},
                 std::string{next.substr(equals + 1)}, optional});
        } else {
            return pattern;
        }
    }
}

bool is_among(std::string_view alternatives, std::string_view text) {
    while (true) {
        const std::size_t bar = alternatives.find('|');
        if (alternatives.substr(0, bar) == text) {
            return true;
        }
        if (bar == std::string_view::npos) {
            return false;
        }
        alternatives.remove_prefix(bar + 1);
    }
}

bool holds(const std::string& rule, const Stanza& stanza, const std::string& key, const Own& own) {
    const std::string text = text_of(stanza, key);
    if (rule == "*") {
        return !text.empty();
    }
    if (rule.starts_with('#')) {
        const auto value = number_of(stanza, key);
        const auto [least, most] =
            rule.size() == 1 ? std::pair{std::size_t{0}, SIZE_MAX} : range(rule.substr(1));
        return value && *value >= least && *value <= most;
    }
    if (rule == "$server") {
        return text == "s.whatsapp.net" || text == "@s.whatsapp.net";
    }
    if (rule == "$groups") {
        return text == "g.us" || text == "@g.us";
    }
    const std::optional<Jid> jid = jid_of(stanza, key);
    if (rule == "$group") {
        return jid && jid->is_group();
    }
    if (rule == "$user") {
        return jid && own.is_user(*jid);
    }
    if (rule == "$mine") {
        return jid && own.is_mine(*jid);
    }
    if (rule == "$own") {
        return jid && own.is_device(*jid);
    }
    return is_among(rule, text);
}

bool attributes_match(const Pattern& pattern, const Stanza& stanza, const Own& own) {
    std::size_t known = 0;
    for (const Pattern::Rule& rule : pattern.attributes) {
        if (!has(stanza, rule.key)) {
            if (!rule.optional) {
                return false;
            }
            continue;
        }
        ++known;
        if (!holds(rule.value, stanza, rule.key, own)) {
            return false;
        }
    }
    return known == stanza.attributes.size();
}

bool count_is_right(Pattern::Count count, std::size_t found) {
    switch (count) {
    case Pattern::Count::one: return found == 1;
    case Pattern::Count::optional: return found <= 1;
    case Pattern::Count::some: return found >= 1;
    case Pattern::Count::any: return true;
    }
    return false;
}

} // namespace

bool Own::is_mine(const Jid& jid) const {
    return (pn && pn->same_user(jid)) || (lid && lid->same_user(jid));
}

bool Own::is_device(const Jid& jid) const { return (pn && *pn == jid) || (lid && *lid == jid); }

Pattern read_pattern(std::string_view text) {
    Reader from{text};
    Pattern pattern = read(from);
    VESTARI_CHECK(from.peek().empty());
    return pattern;
}

bool matches(const Pattern& pattern, const Stanza& stanza, const Own& own) {
    if (stanza.tag != pattern.tag || !attributes_match(pattern, stanza, own) ||
        stanza.bytes.size() < pattern.least || stanza.bytes.size() > pattern.most) {
        return false;
    }
    std::size_t known = 0;
    for (const Pattern& below : pattern.children) {
        std::size_t found = 0;
        for (const Stanza& given : stanza.children) {
            if (given.tag == below.tag) {
                if (!matches(below, given, own)) {
                    return false;
                }
                ++found;
            }
        }
        if (!count_is_right(below.count, found)) {
            return false;
        }
        known += found;
    }
    return known == stanza.children.size();
}

} // namespace vestari::sim
