#include "parser/text/sensitive.hpp"
#include "vestari/parser/parser.hpp"

namespace vestari::parser {

namespace {

constexpr std::string_view dot = "•";

// One pass; false when nothing was hidden. Blanks and line ends stay, so the text keeps its shape.
bool mask_once(std::string_view text, std::string& masked) {
    masked.clear();
    bool any = false;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, max_text_bytes);
        Folded folded;
        folded.fold(part);
        std::vector<Hidden> hidden;
        find_sensitive(folded.text, hidden);
        any = any || !hidden.empty();
        std::size_t at = 0;
        for (const Hidden& range : hidden) {
            const std::size_t from = std::max<std::size_t>(at, folded.origin[range.from]);
            const std::size_t to = std::max<std::size_t>(from, folded.origin[range.to]);
            masked.append(part.substr(at, from - at));
            for (std::size_t i = from; i < to;) {
                const std::size_t start = i;
                const char32_t c = next_code_point(part, i);
                const bool blank = c == ' ' || c == '\n' || c == '\r';
                masked.append(blank ? part.substr(start, i - start) : dot);
            }
            at = to;
        }
        masked.append(part.substr(at));
        text.remove_prefix(part.size());
    }
    return any;
}

} // namespace

std::string mask_sensitive(std::string_view text) {
    std::string masked;
    if (!mask_once(text, masked)) {
        return masked;
    }
    // what stood beside a hidden number may be one itself now that its neighbour is gone
    std::string again;
    for (int pass = 0; pass < 8 && mask_once(masked, again); ++pass) {
        masked.swap(again);
    }
    return masked;
}

} // namespace vestari::parser
