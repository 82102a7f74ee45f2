#include "parser/recognise/scanner.hpp"

namespace vestari::parser {

// "[12/03/2026, 10:22:11] Dealer A: " and "3/12/26, 9:41 AM - Rick: " from exported chats.
std::size_t skip_export_prefix(std::string_view text, std::size_t at) {
    std::size_t pos = at;
    const bool bracket = at_or_zero(text, pos) == '[';
    pos += bracket ? 1U : 0U;
    std::size_t slashes = 0;
    const std::size_t start = pos;
    while (is_digit(at_or_zero(text, pos)) || at_or_zero(text, pos) == '/' ||
           at_or_zero(text, pos) == '.' || at_or_zero(text, pos) == '-') {
        slashes += is_digit(text[pos]) ? 0U : 1U;
        ++pos;
    }
    if (pos - start < 6 || pos - start > 10 || slashes != 2 || at_or_zero(text, pos) != ',') {
        return at;
    }
    ++pos;
    std::size_t colons = 0;
    while (pos < text.size() && pos - start < 32 &&
           (is_digit(text[pos]) || text[pos] == ':' || text[pos] == ' ' || text[pos] == 'a' ||
            text[pos] == 'p' || text[pos] == 'm')) {
        colons += text[pos] == ':' ? 1U : 0U;
        ++pos;
    }
    if (colons == 0 || at_or_zero(text, pos) != (bracket ? ']' : '-')) {
        return at;
    }
    const std::string_view rest = text.substr(pos, 60);
    const std::size_t name = rest.find(':');
    return name != std::string_view::npos && name < rest.find('\n') ? pos + name + 1 : at;
}

} // namespace vestari::parser
