// A decoded stanza: a tree of views into the bytes that it was read from.
//
// Invariants  a node owns nothing; its views are valid as long as the Decoder (or Document) that made it and the frame given to it.
//             What a decoder made keeps to every limit of wire_error.hpp: tag not empty, keys unique, values valid UTF-8.
// Threads     constant once decoded.
// Errors      JidView::to_jid: JidErrc. Look-ups of what may be absent are optional.
// Source      wire/10-connection.md sections 5.1 to 5.6.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "vestari/base/bytes.hpp"
#include "vestari/base/jid.hpp"
#include "vestari/base/result.hpp"

namespace vestari::wire {

// A JID as the stanza gives it.
struct JidView {
    std::string_view user; // empty: the server itself
    std::string_view server;
    std::uint16_t device = 0;
    std::uint16_t integrator = 0;    // of an interop user
    std::uint8_t unknown_domain = 0; // an unassigned domain byte: never act on such a JID

    // From text; some peers send it in place of the binary form.
    [[nodiscard]] static Result<JidView> parse(std::string_view text) noexcept;

    // The JID to act on. JidErrc::bad_device for an unassigned domain.
    [[nodiscard]] Result<Jid> to_jid() const;

    // As peers print it; for messages to people and tests, not for comparing.
    std::string to_string() const;

    // The same person or chat as this one, whatever the device.
    bool same_user(const Jid& other) const noexcept {
        return unknown_domain == 0 && !user.empty() && other.same_user(user, server);
    }
    bool operator==(const JidView&) const = default;
};

using Value = std::variant<std::string_view, JidView>; // an absent value is the empty text

struct Attribute {
    std::string_view key;
    Value value;
    bool operator==(const Attribute&) const = default;
};

class Node {
public:
    enum class Content : std::uint8_t { none, bytes, text, jid, children };

    std::string_view tag;
    std::span<const Attribute> attributes; // in wire order

    const Value* find(std::string_view key) const noexcept;
    // Empty optional: no such attribute, or it is a JID.
    std::optional<std::string_view> text_of(std::string_view key) const noexcept;
    // Empty optional: no such attribute, or it is no JID.
    std::optional<JidView> jid_of(std::string_view key) const noexcept;
    // Empty optional: no such attribute, or it is no whole number in decimal digits.
    std::optional<std::uint64_t> number_of(std::string_view key) const noexcept;

    Content content() const noexcept { return content_; }
    // Content that is bytes or text; peers send either where text is meant. Empty otherwise.
    BytesView bytes() const noexcept {
        return holds_bytes() ? BytesView{static_cast<const std::byte*>(data_), size_} : BytesView{};
    }
    std::string_view text() const noexcept { return as_text(bytes()); }
    // Content that is a JID; null otherwise.
    const JidView* jid() const noexcept {
        return content_ == Content::jid ? static_cast<const JidView*>(data_) : nullptr;
    }
    std::span<const Node> children() const noexcept {
        return content_ == Content::children ? std::span{static_cast<const Node*>(data_), size_}
                                             : std::span<const Node>{};
    }
    // The first child of that tag; null if there is none.
    const Node* child(std::string_view name) const noexcept;

    void set_bytes(BytesView bytes) noexcept { set(Content::bytes, bytes.data(), bytes.size()); }
    void set_text(std::string_view text) noexcept { set(Content::text, text.data(), text.size()); }
    void set_jid(const JidView* jid) noexcept { set(Content::jid, jid, 1); }
    void set_children(std::span<const Node> nodes) noexcept {
        set(Content::children, nodes.data(), nodes.size());
    }

private:
    bool holds_bytes() const noexcept {
        return content_ == Content::bytes || content_ == Content::text;
    }
    void set(Content content, const void* data, std::size_t size) noexcept {
        content_ = content;
        data_ = data;
        size_ = size;
    }

    Content content_ = Content::none;
    const void* data_ = nullptr; // bytes, text, one JidView or the children, by content_
    std::size_t size_ = 0;
};

// Equal in meaning: bytes and text of the same bytes are equal, and so are no children and an empty list of them.
bool same(const Node& left, const Node& right) noexcept;

} // namespace vestari::wire
