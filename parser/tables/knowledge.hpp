// What the vocabulary and the catalogue say, while the program that compiles them in reads and checks it.
//
// Invariants  rows and phrases are sorted by what is looked up; brands, dials, rates and nicknames keep the order of the files.
// Errors      a line that cannot be meant stops the build and names file and line.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "parser/tables/tables.hpp"

namespace vestari::parser::generate {

struct Row {
    std::string key, canonical;
    std::size_t brand = 0;
    bool full = true, plain = false;
    unsigned long low = 0, high = 0;
};

struct Nick {
    std::string model;
    std::size_t brand = 0;
    std::vector<std::string> references; // keys of rows
};

struct MakerForm {
    std::string pattern;
    std::size_t brand;
    bool shared;
};

struct Knowledge {
    std::vector<std::string> brands, dials;
    std::vector<std::pair<std::string, std::string>> rates;
    std::map<std::string, Row> rows, named; // named: models of makers without public references
    std::vector<Nick> nicks;
    std::vector<MakerForm> maker_forms;
    std::map<std::string, std::map<Kind, long>> phrases;
};

[[noreturn]] void fail(const std::string& file, std::size_t line, const std::string& what);

// At most `most` parts; the last keeps the rest.
std::vector<std::string> split(const std::string& text, char by, std::size_t most = SIZE_MAX);

// A reference as it is looked up: folded letters and digits alone.
std::string key_of(const std::string& reference);

// Where the name stands; a new one comes to the end.
std::size_t index_in(std::vector<std::string>& list, const std::string& name);

// Each adds what one file says; later ones look up what earlier ones brought.
void read_catalogue(Knowledge& known, const std::string& path);
void read_forms(Knowledge& known, const std::string& path);
void read_rates(Knowledge& known, const std::string& path);
void read_nicknames(Knowledge& known, const std::string& path);
void read_vocabulary(Knowledge& known, const std::string& path);

// Writes the tables of tables.hpp as C++.
void write_tables(const Knowledge& known, const std::string& path);

} // namespace vestari::parser::generate
