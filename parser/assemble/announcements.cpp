// Messages that open as something else than an offer: the maker's list prices, the papers of a finished deal.
#include "parser/assemble/judge.hpp"
#include "parser/recognise/look.hpp"

namespace vestari::parser {

bool Judge::bare_year(std::size_t i) const {
    return is(i, Kind::date) && m_.dates[static_cast<std::size_t>(m_.marks[i].value)].bare;
}

// "Rolex 2026 list: 126610LN $10,650, …": what the maker asks, no offer. "Price list" alone heads a dealer's stock.
bool Judge::announces_list_prices() const {
    static constexpr std::string_view own[] = {"list",    "price list", "lista",  "liste",
                                               "listino", "retail",     "listini"};
    bool retail = false;
    bool dated = false;
    bool year = false;
    bool apart = false; // on a line above the watches
    bool mine = false;  // a word for a dealer's own list too
    for (std::size_t i = 0; i < m_.marks.size() && !is(i, Kind::reference); ++i) {
        const Mark& mark = m_.marks[i];
        year = year || bare_year(i);
        apart = apart || (retail && mark.kind == Kind::newline);
        if (mark.kind == Kind::side || mark.kind == Kind::percent || mark.kind == Kind::amount ||
            mark.kind == Kind::set || mark.kind == Kind::availability ||
            reading_of(mark, Kind::cue) == static_cast<std::int32_t>(Cue::off) || i > 16) {
            return false;
        }
        if (reading_of(mark, Kind::cue) == static_cast<std::int32_t>(Cue::retail)) {
            retail = true;
            const bool plain =
                std::find(std::begin(own), std::end(own), m_.of(mark)) != std::end(own);
            mine = mine || plain;
            dated = dated || bare_year(i + 1) || (i > 0 && bare_year(i - 1));
        }
    }
    return retail && (dated || (!mine && (!apart || year)));
}

// "Invoice #2207: 1x 126334 $12,100": paper of a deal that is done.
bool Judge::opens_with_paperwork() const {
    static constexpr std::string_view words[] = {
        "invoice", "inv",     "receipt",  "rechnung", "quittung", "facture",
        "factura", "fattura", "ricevuta", "recibo",   "fatura",   "faktura",
        "счет",    "請求書",  "領収書",   "發票",     "发票",     "kwitansi"};
    const auto named = [&](std::size_t i) {
        return i < m_.marks.size() &&
               std::find(std::begin(words), std::end(words), m_.of(m_.marks[i])) != std::end(words);
    };
    const std::size_t at = named(0) ? 0 : is(0, Kind::punct) && named(1) ? 1 : m_.marks.size();
    // its number or what it is for follows
    for (std::size_t i = at + 1; i < m_.marks.size() && i < at + 5; ++i) {
        if (is(i, Kind::newline) || is(i, Kind::reference)) {
            return false;
        }
        const std::string_view w = m_.of(m_.marks[i]);
        if ((is(i, Kind::word) && m_.marks[i].value != 0) || is(i, Kind::amount) || w == "#" ||
            w == ":" || w == "no" || w == "nr" || w == "n" || w == "for" || w == "attached") {
            return true;
        }
    }
    return false;
}

} // namespace vestari::parser
