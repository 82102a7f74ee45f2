// A node that is built of words: there is no way to give it a tag or an attribute by any other text.
//
// Threads  a value.
// Errors   none.
#pragma once

#include <concepts>
#include <string>
#include <utility>
#include <vector>

#include "bridge/outbound/values.hpp"
#include "bridge/outbound/words.hpp"
#include "bridge/wire/encoder.hpp"

namespace vestari::outbound {

class Element {
public:
    explicit Element(Word tag) : node_{.tag = std::string{text_of(tag)}} {}
    Element(Word tag, BytesView content) : Element{tag} { node_.content = to_bytes(content); }
    template <std::size_t N>
    Element(Word tag, const std::array<std::byte, N>& content) : Element{tag, BytesView{content}} {}

    Element with(Word key, Word value) && {
        return std::move(*this).add(key, std::string{text_of(value)});
    }
    Element with(Word key, const out::Text& value) && {
        return std::move(*this).add(key, value.value());
    }
    Element with(Word key, const out::IqId& value) && {
        return std::move(*this).add(key, value.text());
    }
    Element with(Word key, const Jid& value) && { return std::move(*this).add(key, value); }
    Element with(Word key, std::unsigned_integral auto value) && {
        return std::move(*this).add(key, std::to_string(value));
    }
    // Left out if there is none.
    template <class Value> Element with(Word key, const std::optional<Value>& value) && {
        return value ? std::move(*this).with(key, *value) : std::move(*this);
    }

    template <std::same_as<Element>... Children> Element holding(Children&&... children) && {
        std::vector<wire::OutNode> nodes;
        nodes.reserve(sizeof...(children));
        (nodes.push_back(std::move(children).take()), ...);
        node_.content = std::move(nodes);
        return std::move(*this);
    }
    Element holding(std::vector<wire::OutNode> children) && {
        node_.content = std::move(children);
        return std::move(*this);
    }
    Element also_holding(Element child) && {
        std::get<std::vector<wire::OutNode>>(node_.content).push_back(std::move(child).take());
        return std::move(*this);
    }

    wire::OutNode take() && { return std::move(node_); }

private:
    Element add(Word key, wire::OutNode::Value value) && {
        node_.attributes.emplace_back(text_of(key), std::move(value));
        return std::move(*this);
    }
    wire::OutNode node_;
};

} // namespace vestari::outbound
