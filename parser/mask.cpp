#include "parser/text/sensitive.hpp"
#include "vestari/parser/parser.hpp"

namespace vestari::parser {

namespace {

constexpr std::string_view dot = "•";

} // namespace

std::string mask_sensitive(std::string_view text) {
    std::string masked;
    masked.reserve(text.size());
    while (!text.empty()) {
        const std::string_view part = text.substr(0, max_text_bytes);
        Folded folded;
        folded.fold(part);
        std::vector<Hidden> hidden;
        find_sensitive(folded.text, hidden);
        std::size_t at = 0;
        for (const Hidden& range : hidden) {
            const std::size_t from = folded.origin[range.from];
            const std::size_t to = folded.origin[range.to];
            masked.append(part.substr(at, from - at));
            // letters and digits go, marks and line ends stay, so the text keeps its shape
            for (std::size_t i = from; i < to;) {
                const std::size_t start = i;
                const char32_t c = next_code_point(part, i);
                if (c == ' ' || c == '\n' || c == '\r') {
                    masked.append(part.substr(start, i - start));
                } else {
                    masked.append(dot);
                }
            }
            at = to;
        }
        masked.append(part.substr(at));
        text.remove_prefix(part.size());
    }
    return masked;
}

} // namespace vestari::parser
