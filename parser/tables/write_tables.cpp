// The tables as C++ source.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "parser/tables/knowledge.hpp"

namespace vestari::parser::generate {

namespace {

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

void write_phrases(std::ostream& out, const Knowledge& known) {
    std::ostringstream reading_rows;
    std::size_t next = 0;
    out << "constexpr Phrase phrase_rows[] = {\n";
    for (const auto& [text, kinds] : known.phrases) {
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
}

void write_references(std::ostream& out, const Knowledge& known) {
    out << "constexpr ReferenceRow reference_rows[] = {\n";
    for (const auto& [key, row] : known.rows) {
        out << "{" << quoted(key) << ", " << quoted(row.canonical) << ", " << row.brand << ", "
            << row.full << ", " << row.plain << ", " << row.low << ", " << row.high << "},\n";
    }
    out << "};\n";
}

void write_nicknames(std::ostream& out, const Knowledge& known) {
    std::ostringstream lists;
    std::size_t listed = 0;
    std::map<std::string, std::size_t> row_index;
    for (const auto& [key, row] : known.rows) {
        row_index.emplace(key, row_index.size());
    }
    out << "constexpr NicknameRow nickname_rows[] = {\n";
    for (const Nick& nick : known.nicks) {
        unsigned long low = 0;
        unsigned long high = 0;
        if (const auto row = known.named.find(key_of(nick.model)); row != known.named.end()) {
            low = row->second.low;
            high = row->second.high;
        }
        for (const std::string& key : nick.references) {
            const Row& row = known.rows.at(key);
            low = low == 0 ? row.low : std::min(low, row.low == 0 ? low : row.low);
            high = std::max(high, row.high);
            lists << row_index.at(key) << ", ";
        }
        out << "{" << quoted(nick.model) << ", " << nick.brand << ", " << nick.references.size()
            << ", " << listed << ", " << low << ", " << high << "},\n";
        listed += nick.references.size();
    }
    out << "};\nconstexpr std::uint16_t nickname_lists[] = {" << lists.str() << "};\n";
}

void write_names(std::ostream& out, const char* name, const std::vector<std::string>& list) {
    out << "constexpr std::string_view " << name << "[] = {\n";
    for (const std::string& entry : list) {
        out << quoted(entry) << ",\n";
    }
    out << "};\n";
}

void write_currencies_and_forms(std::ostream& out, const Knowledge& known) {
    out << "constexpr CurrencyRow currency_rows[] = {\n";
    for (const auto& [code, rate] : known.rates) {
        out << "{\"" << code << "\", " << rate << "},\n";
    }
    out << "};\nconstexpr FormRow form_rows[] = {\n";
    for (const MakerForm& form : known.maker_forms) {
        out << "{" << quoted(form.pattern) << ", " << form.brand << ", " << form.shared << "},\n";
    }
    out << "};\n";
}

} // namespace

void write_tables(const Knowledge& known, const std::string& path) {
    std::ofstream out{path};
    out << "// Made by tables/generate.cpp.\n#include \"parser/tables/tables.hpp\"\n\n"
           "namespace vestari::parser::tables {\nnamespace {\n";
    write_phrases(out, known);
    write_references(out, known);
    write_nicknames(out, known);
    write_names(out, "brand_rows", known.brands);
    write_names(out, "dial_rows", known.dials);
    write_currencies_and_forms(out, known);
    out << "} // namespace\n"
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

} // namespace vestari::parser::generate
