// The catalogue, the shorter forms of its references, and the forms of makers whose references it may lack.
#include "parser/tables/knowledge.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace vestari::parser::generate {

namespace {

void add_row(Knowledge& known, const std::string& canonical, const Row& like, bool full) {
    const std::string key = key_of(canonical);
    auto [at, fresh] = known.rows.try_emplace(key, like);
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

} // namespace

void read_catalogue(Knowledge& known, const std::string& path) {
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
        row.brand = index_in(known.brands, cells[0]);
        row.low = std::strtoul(cells[8].c_str(), nullptr, 10);
        row.high = std::strtoul(cells[9].c_str(), nullptr, 10);
        const std::string& family = cells[2];
        row.plain =
            cells[0] == "Rolex" && (family.find("Datejust") == 0 || family.find("Day-Date") == 0 ||
                                    family == "Sky-Dweller" || family == "Oyster Perpetual");
        if (names_only(cells[0])) {
            known.named.emplace(key_of(cells[1]), row);
            continue;
        }
        add_row(known, cells[1], row, true);
        for (const std::string& form : shortened(cells[0], cells[1])) {
            shorts.emplace_back(form, row);
        }
    }
    for (const auto& [form, row] : shorts) {
        add_row(known, form, row, false);
    }
}

void read_forms(Knowledge& known, const std::string& path) {
    std::ifstream in{path};
    std::size_t n = 0;
    for (std::string line; std::getline(in, line);) {
        ++n;
        if (line.empty() || line[0] == '#') {
            continue;
        }
        const auto cells = split(line, ',');
        const std::size_t before = known.brands.size();
        const std::size_t brand = index_in(known.brands, cells[0]);
        if (brand >= before || cells.size() < 2) {
            fail(path, n, "not brand,pattern[,shared]");
        }
        known.maker_forms.push_back({cells[1], brand, cells.size() > 2 && cells[2] == "shared"});
    }
}

} // namespace vestari::parser::generate
