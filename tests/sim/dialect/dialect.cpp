#include "tests/sim/dialect/dialect.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include <boost/json.hpp>

#include "bridge/wire/tokens.hpp"

namespace vestari::sim {

namespace {

namespace tokens = wire::tokens;

constexpr int deepest = 32;
enum Tag : std::uint8_t {
    empty = 0,
    last_single = 235,
    first_pair = 236,
    last_pair = 239,
    interop_jid = 245,
    messenger_jid = 246,
    device_jid = 247,
    list_8 = 248,
    list_16 = 249,
    jid_pair = 250,
    hex_8 = 251,
    binary_8 = 252,
    binary_20 = 253,
    binary_32 = 254,
    nibble_8 = 255,
};

// Copies a document value by value; a token becomes its text.
class Speller {
public:
    Speller(BytesView document, const Dictionary& dictionary)
        : rest_{document}, dictionary_{dictionary} {}

    std::optional<Bytes> whole() {
        copy(1); // the flag
        node(0);
        return good_ && rest_.empty() ? std::optional{std::move(out_)} : std::nullopt;
    }

private:
    std::uint8_t look() {
        return good_ && !rest_.empty() ? std::to_integer<std::uint8_t>(rest_[0]) : std::uint8_t{0};
    }

    std::size_t copy(std::size_t count) { // the number that these bytes write
        good_ = good_ && rest_.size() >= count;
        std::size_t number = 0;
        for (std::size_t i = 0; good_ && i < count; ++i) {
            number = number << 8U | std::to_integer<std::size_t>(rest_[i]);
            out_.push_back(rest_[i]);
        }
        rest_ = rest_.subspan(good_ ? count : rest_.size());
        return number;
    }
    std::uint8_t skip() {
        good_ = good_ && !rest_.empty();
        const std::uint8_t byte = look();
        rest_ = rest_.subspan(good_ ? 1 : rest_.size());
        return byte;
    }

    std::size_t list() {
        const bool wide = look() == list_16;
        good_ = good_ && (wide || look() == list_8);
        copy(1);
        return copy(wide ? 2 : 1);
    }

    void node(int depth) {
        good_ = good_ && depth < deepest;
        const std::size_t size = good_ ? list() : 0;
        if (!good_ || size == 0) {
            good_ = false;
            return;
        }
        text();
        for (std::size_t i = 1; good_ && i + 1 < size; i += 2) {
            text();
            text();
        }
        if (good_ && size % 2 == 0) {
            content(depth);
        }
    }

    void content(int depth) {
        if (look() == list_8 || look() == list_16) {
            const std::size_t children = list();
            for (std::size_t i = 0; good_ && i < children; ++i) {
                node(depth + 1);
            }
            return;
        }
        text();
    }

    void text() {
        const std::uint8_t tag = look();
        if (tag != empty && tag <= last_single) {
            spell(dictionary_.single, skip());
        } else if (tag >= first_pair && tag <= last_pair) {
            skip();
            spell(dictionary_.pairs[tag - first_pair], skip());
        } else {
            copy(1);
            plain(tag);
        }
    }

    void plain(std::uint8_t tag) {
        switch (tag) {
        case empty: break;
        case hex_8:
        case nibble_8: copy(copy(1) & 0x7FU); break;
        case binary_8: copy(copy(1)); break;
        case binary_20: copy(copy(3) & 0xFFFFFU); break;
        case binary_32: copy(copy(4)); break;
        case jid_pair:
            text();
            text();
            break;
        case device_jid:
            copy(2);
            text();
            break;
        case messenger_jid:
            text();
            copy(2);
            text();
            break;
        case interop_jid:
            text();
            copy(4);
            text();
            break;
        default: good_ = false;
        }
    }

    void spell(const std::vector<std::string>& words, std::uint8_t index) {
        good_ = good_ && index < words.size() && words[index].size() < 256;
        if (good_) {
            out_.push_back(std::byte{binary_8});
            out_.push_back(static_cast<std::byte>(words[index].size()));
            append(out_, as_bytes(words[index]));
        }
    }

    BytesView rest_;
    const Dictionary& dictionary_;
    Bytes out_;
    bool good_ = true;
};

std::vector<std::string> words_of(const boost::json::value& list) {
    return boost::json::value_to<std::vector<std::string>>(list);
}

} // namespace

Dictionary Dictionary::current() {
    Dictionary dictionary;
    for (std::size_t i = 0; i < tokens::single_count; ++i) {
        dictionary.single.emplace_back(tokens::at(i));
    }
    for (std::size_t d = 0; d < tokens::dictionary_count; ++d) {
        for (std::size_t i = 0; i < tokens::dictionary_size; ++i) {
            dictionary.pairs[d].emplace_back(tokens::pair(d, static_cast<std::uint8_t>(i)));
        }
    }
    return dictionary;
}

Dictionary Dictionary::read(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream{file}.rdbuf();
    boost::system::error_code bad;
    const boost::json::value json = boost::json::parse(text.str(), bad);
    const boost::json::object* object = bad ? nullptr : json.if_object();
    if (object == nullptr || !object->contains("single") || !object->contains("double") ||
        !object->at("double").is_array() || object->at("double").as_array().size() != 4) {
        throw std::invalid_argument{"this file holds no dictionary: " + file.string()};
    }
    Dictionary dictionary;
    dictionary.single = words_of(object->at("single"));
    for (std::size_t d = 0; d < 4; ++d) {
        dictionary.pairs[d] = words_of(object->at("double").as_array()[d]);
    }
    return dictionary;
}

std::optional<Bytes> spell_out(BytesView document, const Dictionary& dictionary) {
    return Speller{document, dictionary}.whole();
}

} // namespace vestari::sim
