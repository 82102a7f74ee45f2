// Looks for canaries in bytes, in every form in which a careless program could have written them.
//
// Invariants  a canary is found wherever it stands whole: plain, in capitals, UTF-16 of both orders, base64 of both alphabets at each of the
//             three alignments, hexadecimal in either case.
// Threads     find is constant.
// Errors      load throws std::runtime_error on a file it cannot read.
// Source      ASSURANCE D-1.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "vestari/base/bytes.hpp"

namespace vestari::canary {

struct Mark {
    std::string where; // what kind of field it was planted in
    Bytes bytes;
};
std::vector<Mark> load(const std::filesystem::path& list);

struct Form {
    std::string name; // "base64 at 1"
    Bytes bytes;      // what it looks like there
};
std::vector<Form> forms_of(BytesView mark);

struct Hit {
    std::string where;
    std::string form;
    std::size_t offset = 0;
};

class Scanner {
public:
    explicit Scanner(const std::vector<Mark>& marks);
    std::vector<Hit> find(BytesView haystack) const; // the first place of each form

private:
    struct Needle {
        std::string where;
        Form form;
    };
    std::vector<Needle> needles_;
};

// Every regular file below a folder, or the file itself.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& root);
Bytes read_file(const std::filesystem::path& path);

} // namespace vestari::canary
