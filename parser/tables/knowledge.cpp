#include "parser/tables/knowledge.hpp"

#include <cstdlib>
#include <iostream>

#include "parser/text/normalise.hpp"

namespace vestari::parser::generate {

void fail(const std::string& file, std::size_t line, const std::string& what) {
    std::cerr << file << ':' << line << ": " << what << '\n';
    std::exit(1); // NOLINT(concurrency-mt-unsafe): a build step with one thread
}

std::vector<std::string> split(const std::string& text, char by, std::size_t most) {
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

std::size_t index_in(std::vector<std::string>& list, const std::string& name) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list[i] == name) {
            return i;
        }
    }
    list.push_back(name);
    return list.size() - 1;
}

} // namespace vestari::parser::generate
