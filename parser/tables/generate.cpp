// Reads vocabulary/*.csv and catalogue/catalog.csv and writes the tables of tables.hpp as C++.
//
// usage: generate OUT CATALOGUE FORMS RATES NICKNAMES VOCABULARY…
// Errors  a word of an unknown class, an unknown value, a brand that the catalogue lacks or a phrase listed twice in one class
//         stops the build and names file and line.
#include <iostream>

#include "parser/tables/knowledge.hpp"

int main(int argc, char** argv) {
    using namespace vestari::parser::generate;
    if (argc < 7) {
        std::cerr << "usage: generate OUT CATALOGUE FORMS RATES NICKNAMES VOCABULARY...\n";
        return 2;
    }
    Knowledge known;
    read_catalogue(known, argv[2]);
    read_forms(known, argv[3]);
    read_rates(known, argv[4]);
    read_nicknames(known, argv[5]);
    for (int i = 6; i < argc; ++i) {
        read_vocabulary(known, argv[i]);
    }
    write_tables(known, argv[1]);
    return 0;
}
