#include "parser/tables/tables.hpp"

#include <array>

namespace vestari::parser {

std::string_view class_name(Kind kind) noexcept {
    static constexpr std::array<std::string_view, 25> names{
        "",       "side",       "condition", "set",      "availability", "bracelet", "metal",
        "dial",   "nickname",   "brand",     "currency", "unit",         "cue",      "month",
        "family", "place",      "count",     "negation", "veto",         "part",     "note",
        "talk",   "correction", "carrier",   "filler"};
    const auto index = static_cast<std::size_t>(kind);
    return index < names.size() ? names[index] : std::string_view{};
}

std::string_view cue_name(Cue cue) noexcept {
    static constexpr std::array<std::string_view, 20> names{
        "asking",  "bid",  "wish", "retail",     "off",     "over", "was",   "slip", "paid", "each",
        "package", "both", "left", "production", "service", "for",  "extra", "or",   "card", "dm"};
    const auto index = static_cast<std::size_t>(cue);
    return index < names.size() ? names[index] : std::string_view{};
}

} // namespace vestari::parser
