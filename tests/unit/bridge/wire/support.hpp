// What the tests of the codec share: vectors from disk, trees as JSON, bytes by hand, zlib streams.
#pragma once

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>

#include <boost/json.hpp>
#include <zlib.h>

#include "bridge/wire/encoder.hpp"
#include "bridge/wire/node.hpp"
#include "vestari/base/bytes.hpp"
#include "vestari/base/check.hpp"

namespace vestari::test {

namespace json = boost::json;

inline std::string file_text(const std::string& below_tests) {
    std::ifstream in{std::string{VESTARI_TEST_DATA "/"} + below_tests, std::ios::binary};
    VESTARI_CHECK(in.good());
    return {std::istreambuf_iterator<char>{in}, {}};
}

inline json::value vectors(const std::string& name) {
    return json::parse(file_text("vectors/" + name));
}

inline std::string_view text_at(const json::object& object, std::string_view key) {
    const json::string& text = object.at(key).as_string();
    return {text.data(), text.size()};
}

inline Bytes hex(std::string_view text) { return from_hex(text).value(); }

inline Bytes deflated(BytesView plain, int level = 9) {
    uLongf size = compressBound(static_cast<uLong>(plain.size()));
    Bytes out(size);
    VESTARI_CHECK(compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                            reinterpret_cast<const Bytef*>(plain.data()),
                            static_cast<uLong>(plain.size()), level) == Z_OK);
    out.resize(size);
    return out;
}

// A compressed frame of these node bytes.
inline Bytes compressed_frame(BytesView body, int level = 9) {
    Bytes frame{std::byte{2}};
    append(frame, deflated(body, level));
    return frame;
}

// The same stanza compressed; `frame` begins with flag 00.
inline Bytes compress(BytesView frame) { return compressed_frame(frame.subspan(1)); }

// The bare server is printed with an @ by the peer that made the vectors, and without one here.
inline std::string_view without_lone_at(std::string_view text) {
    return text.starts_with('@') ? text.substr(1) : text;
}

inline bool same_value(const wire::Value& value, std::string_view want) {
    if (const auto* const jid = std::get_if<wire::JidView>(&value)) {
        return jid->to_string() == without_lone_at(want);
    }
    return std::get<std::string_view>(value) == want;
}

// Whether a vector's `content` (nodes, string, bytes_hex, or the list and content_hex forms) is that of the node.
inline bool same_tree(const wire::Node& node, const json::object& tree);

inline bool same_content(const wire::Node& node, const json::object& tree) {
    if (const json::value* const text = tree.if_contains("content_utf8")) {
        return node.text() == std::string_view{text->as_string()};
    }
    if (const json::value* const bytes = tree.if_contains("content_hex")) {
        return to_hex(node.bytes()) == std::string_view{bytes->as_string()};
    }
    const json::value* content = tree.if_contains("content");
    if (content == nullptr || content->is_null()) {
        return node.children().empty() && node.bytes().empty() && node.jid() == nullptr;
    }
    if (content->is_object()) {
        const json::object& kind = content->as_object();
        if (const json::value* const text = kind.if_contains("string")) {
            const std::string_view want{text->as_string()};
            return node.jid() != nullptr ? node.jid()->to_string() == want : node.text() == want;
        }
        if (const json::value* const bytes = kind.if_contains("bytes_hex")) {
            return node.content() == wire::Node::Content::bytes &&
                   to_hex(node.bytes()) == std::string_view{bytes->as_string()};
        }
        content = &kind.at("nodes");
    }
    const json::array& children = content->as_array();
    if (children.size() != node.children().size()) {
        return false;
    }
    for (std::size_t i = 0; i < children.size(); ++i) {
        if (!same_tree(node.children()[i], children[i].as_object())) {
            return false;
        }
    }
    return true;
}

inline bool same_tree(const wire::Node& node, const json::object& tree) {
    const json::object& attributes = tree.at("attrs").as_object();
    if (node.tag != text_at(tree, "tag") || node.attributes.size() != attributes.size()) {
        return false;
    }
    std::size_t i = 0; // in wire order
    for (const auto& [key, value] : attributes) {
        const wire::Attribute& attribute = node.attributes[i++];
        if (attribute.key != key || !same_value(attribute.value, value.as_string())) {
            return false;
        }
    }
    return same_content(node, tree);
}

// A vector's attribute as a peer encodes it: what reads as user@server is a JID.
inline wire::OutNode::Value out_value(std::string_view text) {
    if (text.find('@') != std::string_view::npos) {
        if (const Result<Jid> jid = Jid::parse(text)) {
            return *jid;
        }
    }
    return std::string{text};
}

inline wire::OutNode out_node(const json::object& tree) {
    wire::OutNode node{.tag = std::string{text_at(tree, "tag")}};
    for (const auto& [key, value] : tree.at("attrs").as_object()) {
        node.attributes.emplace_back(key, out_value(value.as_string()));
    }
    const auto children = [](const json::array& from) {
        std::vector<wire::OutNode> nodes;
        for (const json::value& child : from) {
            nodes.push_back(out_node(child.as_object()));
        }
        return nodes;
    };
    if (const json::value* const text = tree.if_contains("content_utf8")) {
        node.content = to_bytes(std::string_view{text->as_string()});
    } else if (const json::value* const bytes = tree.if_contains("content_hex")) {
        node.content = hex(bytes->as_string());
    } else if (const json::value* const content = tree.if_contains("content");
               content != nullptr && content->is_array()) {
        node.content = children(content->as_array());
    } else if (content != nullptr && content->is_object()) {
        const json::object& kind = content->as_object();
        if (const json::value* const string = kind.if_contains("string")) {
            node.content = std::string{string->as_string()};
        } else if (const json::value* const raw = kind.if_contains("bytes_hex")) {
            node.content = hex(raw->as_string());
        } else {
            node.content = children(kind.at("nodes").as_array());
        }
    }
    return node;
}

} // namespace vestari::test
