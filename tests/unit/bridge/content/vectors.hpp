// Reads the JSON test data below VESTARI_TEST_DATA.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "vestari/base/bytes.hpp"
#include "vestari/base/check.hpp"

namespace vestari::test {

inline std::string read_file(const std::string& path) {
    std::ifstream in{std::string{VESTARI_TEST_DATA} + '/' + path, std::ios::binary};
    VESTARI_CHECK(in.good());
    return {std::istreambuf_iterator<char>{in}, {}};
}

inline boost::json::value read_json(const std::string& path) {
    return boost::json::parse(read_file(path));
}

inline std::vector<boost::json::value> read_json_lines(const std::string& path) {
    std::vector<boost::json::value> lines;
    const std::string text = read_file(path);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (end > at) {
            lines.push_back(boost::json::parse(text.substr(at, end - at)));
        }
        at = end + 1;
    }
    return lines;
}

inline std::string str(const boost::json::value& value) { return std::string{value.as_string()}; }

// The text at `key`, or empty where the object has none or null.
inline std::string str(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    return value == nullptr || value->is_null() ? std::string{} : str(*value);
}

inline Bytes hex(const boost::json::object& object, std::string_view key) {
    return from_hex(str(object, key)).value();
}

} // namespace vestari::test
