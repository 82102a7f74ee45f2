#include "parser/text/normalise.hpp"

#include <array>

#include <utf8proc.h>

#include "vestari/parser/parser.hpp"

namespace vestari::parser {

namespace {

constexpr char32_t broken = 0xfffd;
constexpr char32_t keycap = 0x20e3;

bool is_dropped(char32_t c) noexcept {
    return c == 0xad || (c >= 0x300 && c <= 0x36f) || c == 0x61c || (c >= 0x64b && c <= 0x65f) ||
           c == 0x640 || (c >= 0x591 && c <= 0x5bd) || c == 0x180e ||
           (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff ||
           c == keycap || (c >= 0x1f3fb && c <= 0x1f3ff) || (c >= 0xe0000 && c <= 0xe01ef);
}

// Characters whose folding is not their decomposition.
// NOLINTNEXTLINE(readability-function-size): a table
char32_t special(char32_t c) noexcept {
    switch (c) {
    case 0xa0:
    case 0x1680:
    case 0x202f:
    case 0x205f:
    case 0x3000:
    case 0xfffd:
    case 0xfffc: return ' ';
    case 0x85:
    case 0x2028:
    case 0x2029: return '\n';
    case 0x2018:
    case 0x2019:
    case 0x201a:
    case 0x201b:
    case 0x2032:
    case 0x60:
    case 0xb4:
    case 0x2b9: return '\'';
    case 0x201c:
    case 0x201d:
    case 0x201e:
    case 0x2033:
    case 0xab:
    case 0xbb: return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2212:
    case 0xfe63: return '-';
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2500:
    case 0x2501: return 0x2014;
    case 0x2753:
    case 0x2754:
    case 0xbf: return '?';
    case 0x2044:
    case 0x2215:
    case 0x29f8: return '/';
    case 0x66b: return '.';
    case 0x66c:
    case 0x60c:
    case 0x3001:
    case 0x2c3: return ',';
    case 0x3002: return '.';
    case 0xb7:
    case 0x2022:
    case 0x2027:
    case 0x25cf:
    case 0x25aa:
    case 0x25fe:
    case 0x30fb: return 0x2022;
    case 0xd7: return 'x';
    case 0x130:
    case 0x131: return 'i';
    case 0x141:
    case 0x142: return 'l';
    case 0xd8:
    case 0xf8: return 'o';
    case 0x110:
    case 0x111: return 'd';
    case 0x20b0:
    case 0xff04: return '$';
    case 0xffe5: return 0xa5;
    case 0xffe1: return 0xa3;
    case 0x27a1:
    case 0x279c:
    case 0x27a4:
    case 0x21d2:
    case 0x25b6:
    case 0x2794: return 0x2192;
    case 0x2714:
    case 0x2611: return 0x2705;
    case 0x2716:
    case 0x274e:
    case 0x2718:
    case 0x2717:
    case 0x1f6ab: return 0x274c;
    default: return 0;
    }
}

void append_utf8(std::string& to, char32_t c) {
    if (c < 0x80) {
        to.push_back(static_cast<char>(c));
        return;
    }
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes.data());
    for (utf8proc_ssize_t i = 0; i < size; ++i) {
        to.push_back(static_cast<char>(bytes[static_cast<std::size_t>(i)]));
    }
}

bool keeps_form(char32_t c) noexcept { // scripts that stand in the vocabulary as they are written
    return (c >= 0x600 && c <= 0x6ff && !(c >= 0x622 && c <= 0x626)) ||
           (c >= 0xe00 && c <= 0xe7f) || (c >= 0x3040 && c <= 0x30ff) ||
           (c >= 0x3400 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7af) ||
           (c >= 0x2190 && c <= 0x2bff) || (c >= 0x1f1e6 && c <= 0x1faff);
}

int digit_of(char32_t c) noexcept {
    for (const char32_t zero : {U'٠', U'۰', U'०', U'০', U'๐', U'０'}) {
        if (c >= zero && c <= zero + 9) {
            return static_cast<int>(c - zero);
        }
    }
    return -1;
}

void append_decomposed(std::string& to, char32_t c) {
    std::array<utf8proc_int32_t, 24> parts{};
    int last_class = 0;
    const auto options =
        static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
    const auto count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), parts.data(),
                                               parts.size(), options, &last_class);
    for (utf8proc_ssize_t i = 0; i < count && i < static_cast<utf8proc_ssize_t>(parts.size());
         ++i) {
        const auto part = static_cast<char32_t>(parts[static_cast<std::size_t>(i)]);
        if (!is_dropped(part) && part != 0) {
            append_utf8(to, part);
        }
    }
}

void append_folded(std::string& to, char32_t c) {
    if (const int digit = digit_of(c); digit >= 0) {
        to.push_back(static_cast<char>('0' + digit));
    } else if (const char32_t other = special(c); other != 0) {
        append_utf8(to, other);
    } else if (c >= 0x2000 && c <= 0x200a) {
        to.push_back(' ');
    } else if (keeps_form(c)) {
        append_utf8(to, c);
    } else {
        append_decomposed(to, c);
    }
}

// Foldings of the alphabets below U+0600, worked out once.
struct SmallTable {
    struct Entry {
        std::array<char, 6> bytes;
        std::uint8_t size;
    };
    std::array<Entry, 0x600> entries{};
    SmallTable() {
        for (char32_t c = 0x80; c < entries.size(); ++c) {
            std::string folded;
            if (!is_dropped(c)) {
                append_folded(folded, c);
            }
            entries[c].size = static_cast<std::uint8_t>(std::min<std::size_t>(folded.size(), 6));
            std::copy_n(folded.begin(), entries[c].size, entries[c].bytes.begin());
        }
    }
};

const SmallTable& small_table() {
    static const SmallTable table;
    return table;
}

constexpr char fold_ascii(unsigned char c) noexcept {
    if (c >= 'A' && c <= 'Z') {
        return static_cast<char>(c + 32);
    }
    if (c == '\r' || c == '\v' || c == '\f' || c == '\n') {
        return '\n';
    }
    return c < 0x20 || c == 0x7f ? ' ' : c == '`' ? '\'' : static_cast<char>(c);
}

constexpr auto ascii_table = [] {
    std::array<char, 128> table{};
    for (std::size_t c = 0; c < table.size(); ++c) {
        table[c] = fold_ascii(static_cast<unsigned char>(c));
    }
    return table;
}();

// The plain characters from `at` on: no carriage return, and no digit that may stand in a keycap.
std::size_t plain_run(std::string_view message, std::size_t at) noexcept {
    std::size_t end = at;
    while (end < message.size() && static_cast<unsigned char>(message[end]) < 0x80 &&
           message[end] != '\r') {
        ++end;
    }
    const bool keycap_ahead = end < message.size() &&
                              static_cast<unsigned char>(message[end]) >= 0x80 && end > at &&
                              message[end - 1] >= '0' && message[end - 1] <= '9';
    return (keycap_ahead ? end - 1 : end) - at;
}

// A keycap digit that numbers a line ("1️⃣ 228238") is no data; elsewhere it is a digit.
bool numbers_line(std::string_view folded, std::string_view message, std::size_t at) noexcept {
    if (!folded.empty() && folded.back() != '\n') {
        return false;
    }
    std::size_t digits = 0;
    while (at < message.size() && message[at] >= '0' && message[at] <= '9') {
        ++at;
        ++digits;
        std::size_t next = at;
        char32_t c = next < message.size() ? next_code_point(message, next) : 0;
        if (c == 0xfe0f) {
            at = next;
            c = next < message.size() ? next_code_point(message, next) : 0;
        }
        if (c != keycap) {
            return false;
        }
        at = next;
    }
    return digits >= 1 && digits <= 2;
}

} // namespace

char32_t next_code_point(std::string_view text, std::size_t& at) noexcept {
    utf8proc_int32_t code = -1;
    const auto read = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                       static_cast<utf8proc_ssize_t>(text.size() - at), &code);
    if (read <= 0 || code < 0) {
        ++at;
        return broken;
    }
    at += static_cast<std::size_t>(read);
    return static_cast<char32_t>(code);
}

void Folded::append_plain(std::string_view message, std::size_t at, std::size_t size) {
    const std::size_t before = text.size();
    text.resize(before + size);
    origin.resize(before + size);
    const char* const from = message.data() + at;
    char* const to = text.data() + before;
    std::uint32_t* const back = origin.data() + before;
    for (std::size_t i = 0; i < size; ++i) {
        to[i] = ascii_table[static_cast<unsigned char>(from[i]) & 0x7fU];
        back[i] = static_cast<std::uint32_t>(at + i);
    }
}

void Folded::wipe() noexcept {
    std::fill(text.begin(), text.end(), '\0');
    text.clear();
    origin.clear();
}

void Folded::fold(std::string_view message) {
    message = message.substr(0, max_text_bytes);
    text.clear();
    origin.clear();
    text.reserve(message.size() + 8);
    origin.reserve(message.size() + 9);
    bool numbering = false;
    for (std::size_t at = 0; at < message.size();) {
        if (const std::size_t run = plain_run(message, at); run != 0) {
            append_plain(message, at, run);
            at += run;
            numbering = false;
            continue;
        }
        const std::size_t start = at;
        const auto byte = static_cast<unsigned char>(message[at]);
        if (byte < 0x80) {
            ++at;
            const bool digit = byte >= '0' && byte <= '9';
            if (digit && at < message.size() && static_cast<unsigned char>(message[at]) >= 0x80 &&
                (numbering || numbers_line(text, message, start))) {
                numbering = true;
                continue;
            }
            numbering = false;
            const char folded = fold_ascii(byte);
            if (folded != '\n' || byte != '\r') {
                text.push_back(folded);
                origin.push_back(static_cast<std::uint32_t>(start));
            }
            continue;
        }
        const char32_t c = next_code_point(message, at);
        const std::size_t before = text.size();
        if (c < small_table().entries.size()) {
            const auto& entry = small_table().entries[c];
            text.append(entry.bytes.data(), entry.size);
        } else if (!is_dropped(c)) {
            numbering = false;
            append_folded(text, c);
        }
        origin.resize(origin.size() + (text.size() - before), static_cast<std::uint32_t>(start));
    }
    origin.push_back(static_cast<std::uint32_t>(message.size()));
}

std::string fold_word(std::string_view word) {
    Folded folded;
    folded.fold(word);
    return std::move(folded.text);
}

} // namespace vestari::parser
