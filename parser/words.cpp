#include "vestari/parser/parser.hpp"

#include <array>

namespace vestari::parser {

namespace {

// The words of LABELS.md, in the order of the enumerators.
constexpr std::array<std::string_view, 5> side_words{"sell", "buy", "trade", "sold", "unknown"};
constexpr std::array<std::string_view, 4> price_kind_words{"ask", "bid", "sold", "list_pct"};
constexpr std::array<std::string_view, 2> settlement_words{"USDT", "USDC"};
constexpr std::array<std::string_view, 5> condition_words{"new", "unworn", "like_new", "mint",
                                                          "used"};
constexpr std::array<std::string_view, 4> set_words{"full_set", "box_only", "papers_only",
                                                    "watch_only"};
constexpr std::array<std::string_view, 9> bracelet_words{"oyster",     "jubilee", "president",
                                                         "oysterflex", "rubber",  "leather",
                                                         "bracelet",   "fabric",  "mesh"};
constexpr std::array<std::string_view, 11> metal_words{
    "steel",    "yellow_gold", "rose_gold", "white_gold", "gold",  "platinum",
    "titanium", "two_tone",    "ceramic",   "carbon",     "bronze"};
constexpr std::array<std::string_view, 7> availability_words{
    "available", "ready", "incoming", "preorder", "hold", "pending", "sold"};

constexpr const auto& words_of(Side) { return side_words; }
constexpr const auto& words_of(PriceKind) { return price_kind_words; }
constexpr const auto& words_of(Settlement) { return settlement_words; }
constexpr const auto& words_of(Condition) { return condition_words; }
constexpr const auto& words_of(Set) { return set_words; }
constexpr const auto& words_of(Bracelet) { return bracelet_words; }
constexpr const auto& words_of(Metal) { return metal_words; }
constexpr const auto& words_of(Availability) { return availability_words; }

template <class Enum> std::string_view word_of(Enum value) noexcept {
    const auto& words = words_of(value);
    const auto index = static_cast<std::size_t>(value);
    return index < words.size() ? words[index] : std::string_view{};
}

} // namespace

std::string_view to_string(Side value) noexcept { return word_of(value); }
std::string_view to_string(PriceKind value) noexcept { return word_of(value); }
std::string_view to_string(Settlement value) noexcept { return word_of(value); }
std::string_view to_string(Condition value) noexcept { return word_of(value); }
std::string_view to_string(Set value) noexcept { return word_of(value); }
std::string_view to_string(Bracelet value) noexcept { return word_of(value); }
std::string_view to_string(Metal value) noexcept { return word_of(value); }
std::string_view to_string(Availability value) noexcept { return word_of(value); }

template <class Enum> std::optional<Enum> enum_from(std::string_view word) noexcept {
    const auto& words = words_of(Enum{});
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) {
        return std::nullopt;
    }
    return static_cast<Enum>(found - words.begin());
}

template std::optional<Side> enum_from(std::string_view) noexcept;
template std::optional<PriceKind> enum_from(std::string_view) noexcept;
template std::optional<Settlement> enum_from(std::string_view) noexcept;
template std::optional<Condition> enum_from(std::string_view) noexcept;
template std::optional<Set> enum_from(std::string_view) noexcept;
template std::optional<Bracelet> enum_from(std::string_view) noexcept;
template std::optional<Metal> enum_from(std::string_view) noexcept;
template std::optional<Availability> enum_from(std::string_view) noexcept;

} // namespace vestari::parser
