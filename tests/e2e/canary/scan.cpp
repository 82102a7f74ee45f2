#include "tests/e2e/canary/scan.hpp"

#include <cstring>
#include <fstream>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace vestari::canary {

namespace {

constexpr std::string_view common =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// The characters that base64 shows of `mark` when `before` bytes stand in front of it, whatever they and its followers are.
Bytes base64(BytesView mark, std::size_t before, std::string_view alphabet) {
    Bytes out;
    const std::size_t first_bit = before * 8;
    const std::size_t end_bit = first_bit + mark.size() * 8;
    for (std::size_t bit = (first_bit + 5) / 6 * 6; bit + 6 <= end_bit; bit += 6) {
        std::size_t value = 0;
        for (std::size_t i = 0; i < 6; ++i) {
            const std::size_t at = bit + i - first_bit;
            const auto byte = std::to_integer<std::size_t>(mark[at / 8]);
            value = value << 1U | ((byte >> (7 - at % 8)) & 1U);
        }
        out.push_back(static_cast<std::byte>(alphabet[value]));
    }
    return out;
}

Bytes wide(BytesView mark, std::size_t zeros_before) {
    Bytes out(zeros_before);
    for (const std::byte b : mark) {
        out.push_back(b);
        out.push_back(std::byte{0});
    }
    if (zeros_before > 0) {
        out.pop_back(); // big endian: the zero stands in front
    }
    return out;
}

template <class Change> Bytes changed(BytesView mark, Change change) {
    Bytes out;
    for (const char c : as_text(mark)) {
        out.push_back(static_cast<std::byte>(change(static_cast<unsigned char>(c))));
    }
    return out;
}

} // namespace

std::vector<Mark> load(const std::filesystem::path& list) {
    std::ifstream in{list};
    if (!in) {
        throw std::runtime_error{"cannot read the list of canaries"};
    }
    std::vector<Mark> marks;
    for (std::string line; std::getline(in, line);) {
        const boost::json::value entry = boost::json::parse(line);
        const Result<Bytes> bytes = from_hex(std::string_view{entry.at("hex").as_string()});
        if (!bytes || bytes->size() < 16) {
            throw std::runtime_error{"the list of canaries holds one that is too short"};
        }
        marks.push_back({std::string{std::string_view{entry.at("where").as_string()}}, *bytes});
    }
    return marks;
}

std::vector<Form> forms_of(BytesView mark) {
    const std::string hex = to_hex(mark);
    std::vector<Form> forms{
        {"plain", to_bytes(mark)},
        {"capitals", changed(mark, [](int c) { return c >= 'a' && c <= 'z' ? c - 32 : c; })},
        {"UTF-16 little endian", wide(mark, 0)},
        {"UTF-16 big endian", wide(mark, 1)},
        {"hexadecimal", to_bytes(hex)},
        {"hexadecimal in capitals",
         changed(as_bytes(hex), [](int c) { return c >= 'a' && c <= 'f' ? c - 32 : c; })},
    };
    for (std::size_t before = 0; before < 3; ++before) {
        const std::string at = " at " + std::to_string(before);
        forms.push_back({"base64" + at, base64(mark, before, common)});
        forms.push_back({"base64 for URLs" + at, base64(mark, before, url_safe)});
    }
    return forms;
}

Scanner::Scanner(const std::vector<Mark>& marks) {
    for (const Mark& mark : marks) {
        for (Form& form : forms_of(mark.bytes)) {
            needles_.push_back({mark.where, std::move(form)});
        }
    }
}

std::vector<Hit> Scanner::find(BytesView haystack) const {
    std::vector<Hit> hits;
    if (haystack.empty()) {
        return hits; // memmem wants an address
    }
    for (const Needle& needle : needles_) {
        const void* at = memmem(haystack.data(), haystack.size(), needle.form.bytes.data(),
                                needle.form.bytes.size());
        if (at != nullptr) {
            const auto offset = static_cast<const std::byte*>(at) - haystack.data();
            hits.push_back({needle.where, needle.form.name, static_cast<std::size_t>(offset)});
        }
    }
    return hits;
}

std::vector<std::filesystem::path> files_below(const std::filesystem::path& root) {
    if (std::filesystem::is_regular_file(root)) {
        return {root};
    }
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
        if (entry.is_regular_file() && !entry.is_symlink()) {
            files.push_back(entry.path());
        }
    }
    return files;
}

Bytes read_file(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    if (!in) {
        throw std::runtime_error{"cannot read " + path.string()};
    }
    Bytes bytes(std::filesystem::file_size(path));
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return bytes;
}

} // namespace vestari::canary
