#include "vestari/parser/parser.hpp"

namespace vestari::parser {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

// A six-digit Rolex reference, with its letters, at the start of a line.
std::optional<Deal> read_line(std::string_view line, std::size_t at, const Context& context) {
    std::size_t digits = 0;
    while (digits < line.size() && is_digit(line[digits])) {
        ++digits;
    }
    std::size_t end = digits;
    while (end < line.size() && is_upper(line[end])) {
        ++end;
    }
    if (digits != 6 || end - digits > 4 || line[0] != '1') {
        return std::nullopt;
    }
    std::size_t from = line.find_first_of("123456789", end);
    if (from == std::string_view::npos || line[from - 1] != ' ') {
        return std::nullopt;
    }
    std::int64_t amount = 0;
    std::size_t to = from;
    for (; to < line.size() && (is_digit(line[to]) || line[to] == ',') && to < from + 9; ++to) {
        amount = line[to] == ',' ? amount : amount * 10 + (line[to] - '0');
    }
    if (amount < 1000) {
        return std::nullopt;
    }
    const Currency currency = context.group_currency.value_or(context.account_currency);
    Deal deal;
    deal.brand = "Rolex";
    deal.reference = std::string{line.substr(0, end)};
    deal.price = Money{amount * currency.minor_per_major(), currency};
    deal.price_kind = PriceKind::ask;
    deal.confidence = 0.6;
    const auto span = [at](std::size_t first, std::size_t last) {
        return Span{static_cast<std::uint32_t>(at + first), static_cast<std::uint32_t>(at + last)};
    };
    deal.evidence = {{"reference", span(0, end), "reference.catalogue"},
                     {"price", span(from, to), "price.bare"}};
    return deal;
}

} // namespace

std::vector<Deal> parse(std::string_view text, const Context& context) {
    std::vector<Deal> deals;
    text = text.substr(0, max_text_bytes);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (auto deal = read_line(text.substr(at, end - at), at, context)) {
            deals.push_back(std::move(*deal));
        }
        at = end + 1;
    }
    return deals;
}

std::string mask_sensitive(std::string_view text) {
    std::string masked;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t run = i;
        while (run < text.size() && is_digit(text[run])) {
            ++run;
        }
        if (run - i >= 7) {
            for (; i < run; ++i) {
                masked += "•";
            }
        } else {
            masked.append(text.substr(i, std::max<std::size_t>(run - i, 1)));
            i = std::max(run, i + 1);
        }
    }
    return masked;
}

} // namespace vestari::parser
