// Reads vocabulary/*.csv and catalogue/catalog.csv and writes the tables of tables.hpp as C++.
//
// usage: generate OUT CATALOGUE FORMS RATES NICKNAMES VOCABULARY…
// Errors  a word of an unknown class, an unknown value, a brand that the catalogue lacks or a phrase listed twice in one class
//         stops the build and names file and line.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "parser/tables/tables.hpp"
#include "parser/text/normalise.hpp"
#include "vestari/parser/parser.hpp"

using namespace vestari::parser;

namespace {

struct Row {
    std::string key, canonical;
    std::size_t brand = 0;
    bool full = true, plain = false;
    unsigned long low = 0, high = 0;
};
struct Nick {
    std::string model;
    std::size_t brand = 0;
    std::vector<std::string> references;
};

std::vector<std::string> brands, dials;
std::vector<std::pair<std::string, std::string>> rates;
std::map<std::string, Row> rows, named;
std::vector<Nick> nicks;
struct MakerForm {
    std::string pattern;
    std::size_t brand;
    bool shared;
};
std::vector<MakerForm> maker_forms;
std::map<std::string, std::map<Kind, long>> phrases;

[[noreturn]] void fail(const std::string& file, std::size_t line, const std::string& what) {
    std::cerr << file << ':' << line << ": " << what << '\n';
    std::exit(1);
}

std::vector<std::string> split(const std::string& text, char by, std::size_t most = SIZE_MAX) {
    std::vector<std::string> parts;
    std::size_t at = 0;
    while (parts.size() + 1 < most) {
        const std::size_t end = text.find(by, at);
        if (end == std::string::npos) {
            break;
        }
        parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    parts.push_back(text.substr(at));
    return parts;
}

std::string key_of(const std::string& reference) {
    std::string key;
    for (const char c : fold_word(reference)) {
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) {
            key.push_back(c);
        }
    }
    return key;
}

template <class List> std::size_t index_in(List& list, const std::string& name) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list[i] == name) {
            return i;
        }
    }
    list.push_back(name);
    return list.size() - 1;
}

void add_row(const std::string& canonical, const Row& like, bool full) {
    const std::string key = key_of(canonical);
    auto [at, fresh] = rows.try_emplace(key, like);
    Row& row = at->second;
    if (fresh) {
        row.key = key;
        row.canonical = canonical;
        row.full = full;
        return;
    }
    if (row.full && !full && row.brand != like.brand) {
        return; // another maker's reference: the longer knowledge stays
    }
    row.full = row.full || full;
    if (like.high != 0) {
        row.low = row.low == 0 ? like.low : std::min(row.low, like.low);
        row.high = std::max(row.high, like.high);
    }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The shorter forms in which dealers write a reference, each keeping the precision stated (DOMAIN section 4).
std::vector<std::string> shortened(const std::string& brand, const std::string& reference) {
    std::vector<std::string> forms;
    if (brand == "Patek Philippe") {
        const std::size_t dash = reference.rfind("-0");
        const std::string body = reference.substr(0, dash);
        forms.push_back(body);
        std::size_t digits = 0;
        while (digits < body.size() && is_digit(body[digits])) {
            ++digits;
        }
        forms.push_back(body.substr(0, digits));
    } else if (brand == "Audemars Piguet") {
        forms.push_back(reference.substr(0, reference.find('.')));
        forms.push_back(reference.substr(0, 5));
    } else if (brand == "Vacheron Constantin") {
        const std::size_t slash = reference.find('/');
        if (slash != std::string::npos) {
            forms.push_back(reference.substr(0, slash));
            forms.push_back(reference.substr(0, reference.find('-')));
        }
    } else if (brand == "Breitling" && reference.size() > 8) {
        forms.push_back(reference.substr(0, 6));
    } else if (brand == "TAG Heuer" || brand == "Breguet") {
        forms.push_back(reference.substr(0, reference.find_first_of("./")));
    }
    return forms;
}

// Makers without public references: the catalogue names models, which nicknames.csv recognises.
bool names_only(const std::string& brand) {
    return brand == "F.P.Journe" || brand == "Czapek" || brand == "Laurent Ferrier" ||
           brand == "Greubel Forsey" || brand == "Christopher Ward";
}

void read_catalogue(const std::string& path) {
    std::ifstream in{path};
    std::string line;
    std::getline(in, line);
    std::vector<std::pair<std::string, Row>> shorts;
    for (std::size_t n = 2; std::getline(in, line); ++n) {
        const auto cells = split(line, ',');
        if (cells.size() != 11) {
            fail(path, n, "not eleven cells");
        }
        Row row;
        row.brand = index_in(brands, cells[0]);
        row.low = std::strtoul(cells[8].c_str(), nullptr, 10);
        row.high = std::strtoul(cells[9].c_str(), nullptr, 10);
        const std::string& family = cells[2];
        row.plain =
            cells[0] == "Rolex" && (family.find("Datejust") == 0 || family.find("Day-Date") == 0 ||
                                    family == "Sky-Dweller" || family == "Oyster Perpetual");
        if (names_only(cells[0])) {
            named.emplace(key_of(cells[1]), row);
            continue;
        }
        add_row(cells[1], row, true);
        for (const std::string& form : shortened(cells[0], cells[1])) {
            shorts.emplace_back(form, row);
        }
    }
    for (const auto& [form, row] : shorts) {
        add_row(form, row, false);
    }
}

void read_rates(const std::string& path) {
    std::ifstream in{path};
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line[0] != '#') {
            const auto cells = split(line, ',');
            rates.emplace_back(cells.at(0), cells.at(1));
        }
    }
}

void read_forms(const std::string& path) {
    std::ifstream in{path};
    std::size_t n = 0;
    for (std::string line; std::getline(in, line);) {
        ++n;
        if (line.empty() || line[0] == '#') {
            continue;
        }
        const auto cells = split(line, ',');
        const std::size_t known = brands.size();
        const std::size_t brand = index_in(brands, cells[0]);
        if (brand >= known || cells.size() < 2) {
            fail(path, n, "not brand,pattern[,shared]");
        }
        maker_forms.push_back({cells[1], brand, cells.size() > 2 && cells[2] == "shared"});
    }
}

void add_phrase(const std::string& file, std::size_t n, const std::string& phrase, Kind kind,
                long value) {
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
    phrases[folded].try_emplace(kind, value);
}

void read_nicknames(const std::string& path) {
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
        Nick nick{cells[2], index_in(brands, cells[0]), {}};
        for (const std::string& reference : split(cells[1], '|')) {
            if (!reference.empty()) {
                if (!rows.contains(key_of(reference))) {
                    fail(path, n, "the catalogue lacks " + reference);
                }
                nick.references.push_back(key_of(reference));
            }
        }
        for (const std::string& phrase : split(cells[3], '|')) {
            add_phrase(path, n, phrase, Kind::nickname, static_cast<long>(nicks.size()));
        }
        nicks.push_back(std::move(nick));
    }
}

template <class Enum>
long word_value(const std::string& file, std::size_t n, const std::string& value) {
    const auto found = enum_from<Enum>(value);
    if (!found) {
        fail(file, n, "unknown value " + value);
    }
    return static_cast<long>(*found);
}

long currency_index(const std::string& file, std::size_t n, const std::string& code) {
    for (std::size_t i = 0; i < rates.size(); ++i) {
        if (rates[i].first == code) {
            return static_cast<long>(i);
        }
    }
    fail(file, n, "rates.csv lacks " + code);
}

long value_of(const std::string& file, std::size_t n, Kind kind, const std::string& value) {
    switch (kind) {
    case Kind::side: return word_value<Side>(file, n, value);
    case Kind::condition: return word_value<Condition>(file, n, value);
    case Kind::set: return word_value<Set>(file, n, value);
    case Kind::availability: return word_value<Availability>(file, n, value);
    case Kind::bracelet: return word_value<Bracelet>(file, n, value);
    case Kind::metal: return word_value<Metal>(file, n, value);
    case Kind::dial: return static_cast<long>(index_in(dials, value));
    case Kind::brand:
    case Kind::family: {
        const std::size_t known = brands.size();
        const std::size_t index = index_in(brands, value);
        if (index >= known) {
            fail(file, n, "the catalogue lacks the brand " + value);
        }
        return static_cast<long>(index);
    }
    case Kind::currency: return currency_index(file, n, value);
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

void read_vocabulary(const std::string& path) {
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
                                : value_of(path, n, kind, cells[1]);
        for (const std::string& phrase : split(cells[2], '|')) {
            add_phrase(path, n, phrase, kind, value);
        }
    }
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    char buffer[8];
    for (const char c : text) {
        if (c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '?') {
            out.push_back(c);
        } else {
            std::snprintf(buffer, sizeof buffer, "\\%03o",
                          static_cast<unsigned>(static_cast<unsigned char>(c)));
            out += buffer;
        }
    }
    return out + "\"";
}

void write(const std::string& path) {
    std::ofstream out{path};
    out << "// Made by tables/generate.cpp.\n#include \"parser/tables/tables.hpp\"\n\n"
           "namespace vestari::parser::tables {\nnamespace {\n";
    std::ostringstream reading_rows;
    std::size_t next = 0;
    out << "constexpr Phrase phrase_rows[] = {\n";
    for (const auto& [text, kinds] : phrases) {
        std::uint32_t mask = 0;
        for (const auto& [kind, value] : kinds) {
            mask |= std::uint32_t{1} << static_cast<unsigned>(kind);
        }
        out << "{" << quoted(text) << ", " << next << ", " << kinds.size() << ", " << mask
            << "},\n";
        for (const auto& [kind, value] : kinds) {
            reading_rows << "{Kind{" << static_cast<int>(kind) << "}, " << value << "},\n";
            ++next;
        }
    }
    out << "};\nconstexpr Reading reading_rows[] = {\n" << reading_rows.str() << "};\n";
    out << "constexpr ReferenceRow reference_rows[] = {\n";
    std::map<std::string, std::size_t> row_index;
    for (const auto& [key, row] : rows) {
        row_index.emplace(key, row_index.size());
        out << "{" << quoted(key) << ", " << quoted(row.canonical) << ", " << row.brand << ", "
            << row.full << ", " << row.plain << ", " << row.low << ", " << row.high << "},\n";
    }
    out << "};\n";
    std::ostringstream lists;
    std::size_t listed = 0;
    out << "constexpr NicknameRow nickname_rows[] = {\n";
    for (const Nick& nick : nicks) {
        unsigned long low = 0;
        unsigned long high = 0;
        if (const auto row = named.find(key_of(nick.model)); row != named.end()) {
            low = row->second.low;
            high = row->second.high;
        }
        for (const std::string& key : nick.references) {
            const Row& row = rows.at(key);
            low = low == 0 ? row.low : std::min(low, row.low == 0 ? low : row.low);
            high = std::max(high, row.high);
            lists << row_index.at(key) << ", ";
        }
        out << "{" << quoted(nick.model) << ", " << nick.brand << ", " << nick.references.size()
            << ", " << listed << ", " << low << ", " << high << "},\n";
        listed += nick.references.size();
    }
    out << "};\nconstexpr std::uint16_t nickname_lists[] = {" << lists.str() << "};\n";
    const auto names = [&out](const char* name, const std::vector<std::string>& list) {
        out << "constexpr std::string_view " << name << "[] = {\n";
        for (const std::string& entry : list) {
            out << quoted(entry) << ",\n";
        }
        out << "};\n";
    };
    names("brand_rows", brands);
    names("dial_rows", dials);
    out << "constexpr CurrencyRow currency_rows[] = {\n";
    for (const auto& [code, rate] : rates) {
        out << "{\"" << code << "\", " << rate << "},\n";
    }
    out << "};\nconstexpr FormRow form_rows[] = {\n";
    for (const MakerForm& form : maker_forms) {
        out << "{" << quoted(form.pattern) << ", " << form.brand << ", " << form.shared << "},\n";
    }
    out << "};\n} // namespace\n"
           "const std::span<const Phrase> phrases{phrase_rows};\n"
           "const std::span<const Reading> readings{reading_rows};\n"
           "const std::span<const ReferenceRow> references{reference_rows};\n"
           "const std::span<const NicknameRow> nicknames{nickname_rows};\n"
           "const std::span<const std::uint16_t> nickname_references{nickname_lists};\n"
           "const std::span<const std::string_view> brands{brand_rows};\n"
           "const std::span<const std::string_view> dials{dial_rows};\n"
           "const std::span<const CurrencyRow> currencies{currency_rows};\n"
           "const std::span<const FormRow> forms{form_rows};\n"
           "} // namespace vestari::parser::tables\n";
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 7) {
        std::cerr << "usage: generate OUT CATALOGUE FORMS RATES NICKNAMES VOCABULARY...\n";
        return 2;
    }
    read_catalogue(argv[2]);
    read_forms(argv[3]);
    read_rates(argv[4]);
    read_nicknames(argv[5]);
    for (int i = 6; i < argc; ++i) {
        read_vocabulary(argv[i]);
    }
    write(argv[1]);
    return 0;
}
