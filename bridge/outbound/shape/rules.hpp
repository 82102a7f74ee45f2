// The language in which the table of shapes is written: what a node may be called, which attributes it has, what it holds.
//
// Invariants  what a rule does not name is refused: another attribute, another child, another order, content where none is.
// Threads     constant data.
// Errors      none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "bridge/outbound/shape/shape.hpp"
#include "bridge/wire/node.hpp"

namespace vestari::outbound {

// This account's own addresses: nothing but them makes a stanza "to oneself". Without `pn` no such stanza passes.
struct Own {
    std::optional<Jid> pn{}; // with the device number
    std::optional<Jid> lid{};
};

namespace rule {

// What an attribute's value may be.
enum class Kind : std::uint8_t {
    word,         // one of `words`, as text
    request_id,   // "26.7-1"
    text,         // any, not empty, no JID
    number,       // decimal, 64 bits
    server,       // s.whatsapp.net itself
    group_server, // g.us itself
    group,
    group_or_server, // what comes as a group's
    conversation,    // anyone but a channel or the status posts
    anyone,          // any JID
    phone_user,      // a phone number, without device
    own_user,        // this account, without device
    own_anywhere,    // this account, any device
    own_device,      // exactly this device, which is not the phone
};

enum class Need : std::uint8_t { required, optional };

struct Attribute {
    std::string_view key;
    Kind kind;
    std::string_view words{}; // "one|two"
    Need need = Need::required;
};

enum class Content : std::uint8_t { none, bytes, words, children };

struct Node;

// A child, once or several times in a row.
struct Child {
    const Node* node;
    std::size_t least = 1;
    std::size_t most = 1;
};

struct Node {
    std::string_view tag;
    std::span<const Attribute> attributes{};
    Content content = Content::none;
    std::span<const Child> children{}; // in this order
    std::size_t least = 0;             // bytes
    std::size_t most = 0;
    std::string_view words{}; // the bytes are one of these
};

struct Row {
    Shape shape;
    const Node* root;
    bool (*also)(const wire::Node&, const Own&) noexcept = nullptr; // what concerns two places
};

std::span<const Row> table() noexcept;

} // namespace rule
} // namespace vestari::outbound
