// Words and nicknames with what they mean, and the currencies' rates.
#include <cstdlib>
#include <fstream>

#include "parser/tables/knowledge.hpp"
#include "parser/text/normalise.hpp"
#include "vestari/parser/parser.hpp"

namespace vestari::parser::generate {

namespace {

void add_phrase(Knowledge& known, const std::string& file, std::size_t n, const std::string& phrase,
                Kind kind, long value) {
    std::string folded = fold_word(phrase);
    for (char& c : folded) {
        c = c == '-' || c == '_' ? ' ' : c;
    }
    while (!folded.empty() && folded.back() == ' ') {
        folded.pop_back();
    }
    if (folded.empty()) {
        fail(file, n, "empty phrase");
    }
    known.phrases[folded].try_emplace(kind, value);
}

template <class Enum>
long word_value(const std::string& file, std::size_t n, const std::string& value) {
    const auto found = enum_from<Enum>(value);
    if (!found) {
        fail(file, n, "unknown value " + value);
    }
    return static_cast<long>(*found);
}

long currency_index(const Knowledge& known, const std::string& file, std::size_t n,
                    const std::string& code) {
    for (std::size_t i = 0; i < known.rates.size(); ++i) {
        if (known.rates[i].first == code) {
            return static_cast<long>(i);
        }
    }
    fail(file, n, "rates.csv lacks " + code);
}

long value_of(Knowledge& known, const std::string& file, std::size_t n, Kind kind,
              const std::string& value) {
    switch (kind) {
    case Kind::side: return word_value<Side>(file, n, value);
    case Kind::condition: return word_value<Condition>(file, n, value);
    case Kind::set: return word_value<Set>(file, n, value);
    case Kind::availability: return word_value<Availability>(file, n, value);
    case Kind::bracelet: return word_value<Bracelet>(file, n, value);
    case Kind::metal: return word_value<Metal>(file, n, value);
    case Kind::dial: return static_cast<long>(index_in(known.dials, value));
    case Kind::brand:
    case Kind::family: {
        const std::size_t before = known.brands.size();
        const std::size_t index = index_in(known.brands, value);
        if (index >= before) {
            fail(file, n, "the catalogue lacks the brand " + value);
        }
        return static_cast<long>(index);
    }
    case Kind::currency: return currency_index(known, file, n, value);
    case Kind::cue:
        for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(Cue::count_); ++i) {
            if (cue_name(static_cast<Cue>(i)) == value) {
                return i;
            }
        }
        fail(file, n, "unknown cue " + value);
    case Kind::place: return value.at(0) * 256 + value.at(1);
    case Kind::note: return value == "dial tail" ? 1 : value == "wish" ? 2 : 0;
    default: return std::strtol(value.c_str(), nullptr, 10);
    }
}

Kind kind_of(const std::string& file, std::size_t n, const std::string& name) {
    for (std::uint8_t i = 1; i <= static_cast<std::uint8_t>(Kind::filler); ++i) {
        if (class_name(static_cast<Kind>(i)) == name) {
            return static_cast<Kind>(i);
        }
    }
    fail(file, n, "unknown class " + name);
}

} // namespace

void read_rates(Knowledge& known, const std::string& path) {
    std::ifstream in{path};
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line[0] != '#') {
            const auto cells = split(line, ',');
            known.rates.emplace_back(cells.at(0), cells.at(1));
        }
    }
}

void read_nicknames(Knowledge& known, const std::string& path) {
    std::ifstream in{path};
    std::size_t n = 0;
    for (std::string line; std::getline(in, line);) {
        ++n;
        if (line.empty() || line[0] == '#') {
            continue;
        }
        const auto cells = split(line, ';');
        if (cells.size() != 4) {
            fail(path, n, "not four cells");
        }
        Nick nick{cells[2], index_in(known.brands, cells[0]), {}};
        for (const std::string& reference : split(cells[1], '|')) {
            if (!reference.empty()) {
                if (!known.rows.contains(key_of(reference))) {
                    fail(path, n, "the catalogue lacks " + reference);
                }
                nick.references.push_back(key_of(reference));
            }
        }
        for (const std::string& phrase : split(cells[3], '|')) {
            add_phrase(known, path, n, phrase, Kind::nickname,
                       static_cast<long>(known.nicks.size()));
        }
        known.nicks.push_back(std::move(nick));
    }
}

void read_vocabulary(Knowledge& known, const std::string& path) {
    std::ifstream in{path};
    std::size_t n = 0;
    for (std::string line; std::getline(in, line);) {
        ++n;
        if (line.empty() || line[0] == '#') {
            continue;
        }
        const auto cells = split(line, ',', 3);
        if (cells.size() != 3) {
            fail(path, n, "not three cells");
        }
        // `dollar`, `yen`, `krona` are currencies that follow the group: negative values
        const bool open = cells[0] == "dollar" || cells[0] == "yen" || cells[0] == "krona";
        const Kind kind = open ? Kind::currency : kind_of(path, n, cells[0]);
        const long value = open ? (cells[0] == "dollar" ? -1
                                   : cells[0] == "yen"  ? -2
                                                        : -3)
                                : value_of(known, path, n, kind, cells[1]);
        for (const std::string& phrase : split(cells[2], '|')) {
            add_phrase(known, path, n, phrase, kind, value);
        }
    }
}

} // namespace vestari::parser::generate
