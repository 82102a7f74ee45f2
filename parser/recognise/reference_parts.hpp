// What the two readers of references share: the makers by name, and the catalogue's rows as identifications.
#pragma once

#include "parser/recognise/recognise.hpp"
#include "parser/tables/lookup.hpp"

namespace vestari::parser {

inline const ReferenceRow& row_at(std::int32_t row) {
    return tables::references[static_cast<std::size_t>(row)];
}

struct Brands {
    std::int32_t rolex = *brand_index("Rolex");
    std::int32_t tudor = *brand_index("Tudor");
    std::int32_t patek = *brand_index("Patek Philippe");
    std::int32_t ap = *brand_index("Audemars Piguet");
    std::int32_t rm = *brand_index("Richard Mille");
    std::int32_t cartier = *brand_index("Cartier");
    std::int32_t iwc = *brand_index("IWC");
    std::int32_t jlc = *brand_index("Jaeger-LeCoultre");
    std::int32_t lange = *brand_index("A. Lange & Söhne");
    std::int32_t sinn = *brand_index("Sinn");
    std::int32_t nomos = *brand_index("Nomos");
    std::int32_t panerai = *brand_index("Panerai");
    std::int32_t omega = *brand_index("Omega");
    std::int32_t hermes = *brand_index("Hermes");
    std::int32_t chanel = *brand_index("Chanel");
};
inline const Brands& brands() {
    static const Brands known;
    return known;
}

inline bool has_letter(std::string_view key) noexcept {
    return std::any_of(key.begin(), key.end(), is_letter);
}

inline bool ends_here(std::string_view text, std::size_t at) noexcept {
    return !is_alnum(at_or_zero(text, at));
}

inline void fill(Ident& ident, std::int32_t row) {
    const ReferenceRow& found = row_at(row);
    ident = {};
    ident.brand = found.brand;
    ident.row = row;
    ident.reference = std::string{found.canonical};
    ident.low = found.low;
    ident.high = found.high;
    ident.plain = found.plain;
    ident.stem = !found.full;
}

// Tail letters that only name a dial (DOMAIN section 10.3).
inline std::size_t dial_tail(std::string_view text, std::size_t at) noexcept {
    const char first = at_or_zero(text, at);
    if (first != 'n' && first != 'v' && first != 'y' && first != 'g' && first != 'a') {
        return 0;
    }
    for (const std::string_view tail : {"ng", "vi", "yml", "g", "a"}) {
        if (text.substr(std::min(at, text.size()), tail.size()) == tail &&
            ends_here(text, at + tail.size())) {
            return tail.size();
        }
    }
    return 0;
}

// The web shop's codes: M126610LN-0001.
inline std::size_t web_tail(std::string_view text, std::size_t at, std::int32_t brand) noexcept {
    if ((brand != brands().rolex && brand != brands().tudor) || at_or_zero(text, at) != '-') {
        return at;
    }
    std::size_t digits = 0;
    while (is_digit(at_or_zero(text, at + 1 + digits))) {
        ++digits;
    }
    return digits == 4 && ends_here(text, at + 5) ? at + 5 : at;
}

inline std::string upper(std::string_view text) {
    std::string out{text};
    for (char& c : out) {
        c = is_letter(c) ? static_cast<char>(c - 32) : c;
    }
    return out;
}

inline void unknown(Ident& ident, std::int32_t brand, std::string reference, const char* rule) {
    ident = {};
    ident.brand = static_cast<std::uint8_t>(brand);
    ident.reference = std::move(reference);
    ident.known = false;
    ident.rule = rule;
}

// Forms of makers whose references the catalogue may lack; each gives where it ended, or 0.
std::size_t read_digits_form(std::string_view text, std::size_t at, Ident& ident);
std::size_t read_richard_mille(const Message& message, std::size_t at, std::int32_t in_force,
                               Ident& ident);
std::size_t read_panerai(std::string_view text, std::size_t at, Ident& ident);
std::size_t read_form(std::string_view text, std::size_t at, std::int32_t in_force, Ident& ident);

} // namespace vestari::parser
