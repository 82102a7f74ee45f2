#include "parser/recognise/settle.hpp"

namespace vestari::parser {

namespace {

class Attributes : Settler {
public:
    using Settler::Settler;

    void settle(std::size_t i) {
        switch (at(i).kind) {
        case Kind::unit:
        case Kind::word: settle_word(i); break;
        case Kind::filler: settle_filler(i); break;
        case Kind::dial: settle_dial(i); break;
        case Kind::condition: settle_bullet(i); break;
        case Kind::set: settle_everything(i); break;
        case Kind::metal:
        case Kind::bracelet: settle_band(i); break;
        default: break;
        }
    }

private:
    std::int32_t dial(std::string_view name) const {
        const auto found = std::find(tables::dials.begin(), tables::dials.end(), name);
        return static_cast<std::int32_t>(found - tables::dials.begin());
    }

    bool daytona(std::size_t i) const {
        const std::string& reference =
            m_.idents[static_cast<std::size_t>(m_.marks[i].value)].reference;
        return reference.starts_with("1165") || reference.starts_with("1265") ||
               reference.starts_with("1652");
    }

    void settle_word(std::size_t i) {
        const std::string_view w = word(i);
        if (w.size() > 4) {
            return;
        }
        if (w == "fs") {
            bool after = line_has_before(i, {Kind::reference, Kind::nickname, Kind::condition,
                                             Kind::date, Kind::set, Kind::amount});
            const bool wished =
                word(i + 1) == "only" || (i > 0 && is(i - 1, Kind::side) &&
                                          at(i - 1).value == static_cast<std::int32_t>(Side::buy));
            after = after || wished;
            become(i, after ? Kind::set : Kind::side,
                   after ? static_cast<std::int32_t>(Set::full_set)
                         : static_cast<std::int32_t>(Side::sell));
        } else if (w == "n" && ident_before(i, true) != nullptr) {
            if (m_.asian_style) {
                become(i, Kind::condition, static_cast<std::int32_t>(Condition::brand_new));
            } else {
                become(i, Kind::set, static_cast<std::int32_t>(Set::watch_only));
            }
        } else if (w == "u" && ident_before(i, true) != nullptr && word(i + 1) != "serial" &&
                   word(i + 1) != "ser" && !tether_letter(i)) {
            become(i, Kind::condition, static_cast<std::int32_t>(Condition::used));
        } else if ((w == "w" || w == "b") && i > 0 && is(i - 1, Kind::reference) &&
                   daytona(i - 1)) {
            become(i, Kind::dial, dial(w == "w" ? "white" : "black"));
        } else if (w == "mint") {
            settle_mint(i);
        }
    }

    // "126334 dial, black": the dial itself is meant.
    void settle_filler(std::size_t i) {
        const bool ends = i + 1 >= m_.marks.size() || is(i + 1, Kind::newline) ||
                          punct(i + 1, ',') || punct(i + 1, '.');
        if (word(i) == "dial" && i > 0 &&
            (is(i - 1, Kind::reference) || is(i - 1, Kind::nickname)) && ends) {
            at(i).kind = Kind::part;
        }
    }

    void settle_mint(std::size_t i) {
        const Ident* ident = ident_before(i, false);
        const bool next_band =
            is(i + 1, Kind::bracelet) || word(i + 1) == "dial" || word(i + 1) == "roman";
        const bool after_plain =
            i > 0 && is(i - 1, Kind::reference) && ident != nullptr && ident->plain;
        const bool after_band =
            i > 0 && is(i - 1, Kind::bracelet) && ident != nullptr && ident->plain;
        const bool sub_line = ident != nullptr && ident->plain &&
                              (is(i + 1, Kind::amount) || is(i + 1, Kind::date)) &&
                              !line_has_before(i, {Kind::date, Kind::set, Kind::condition});
        if (next_band || after_plain || after_band || sub_line) {
            become(i, Kind::dial, dial("mint green"));
        } else {
            become(i, Kind::condition, static_cast<std::int32_t>(Condition::mint));
        }
    }

    // Colours of straps, bezels and cases are no dials; beside a Richard Mille they are case colours.
    void settle_dial(std::size_t i) {
        const std::size_t next = punct(i + 1, '"') ? i + 2 : i + 1;
        const bool colour_of_other = reads(next, Kind::carrier);
        const bool after_carrier =
            i > 0 && reads(i - 1, Kind::carrier) && at(i - 1).kind == Kind::part;
        const Ident* ident = ident_before(i, true);
        const bool mille = ident != nullptr && tables::brands[ident->brand] == "Richard Mille";
        const bool metal_colour = reads(i + 1, Kind::metal) && at(i).value == dial("white") &&
                                  word(i + 1).starts_with("gold");
        if (colour_of_other || after_carrier || mille || metal_colour) {
            become(i, Kind::filler, 0);
        }
    }

    // "we buy everything" is no set; "126610LN 2022 everything" is.
    void settle_everything(std::size_t i) {
        if (word(i) == "everything" &&
            !line_has_before(i, {Kind::reference, Kind::nickname, Kind::set})) {
            become(i, Kind::filler, 0);
        }
    }

    // 🆕 is a condition as the bullet of a watch; over a list it says that the list is new.
    void settle_bullet(std::size_t i) {
        if (word(i) != "🆕") {
            return;
        }
        for (std::size_t j = i + 1; j < i + 4; ++j) {
            if (is(j, Kind::reference)) {
                return;
            }
        }
        become(i, Kind::filler, 0);
    }

    // "rubber strap" offered by itself is a part; gold words beside "bezel" or "buckle" are no case metal.
    void settle_band(std::size_t i) {
        if (at(i).kind == Kind::metal && (word(i + 1) == "bezel" || word(i + 1) == "buckle" ||
                                          word(i + 1) == "clasp" || word(i + 1) == "insert")) {
            become(i, Kind::filler, 0);
        }
    }
};

} // namespace

void settle_attribute(Message& message, std::size_t i) { Attributes{message}.settle(i); }

} // namespace vestari::parser
