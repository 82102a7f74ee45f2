#include "bridge/wire/node.hpp"

#include <algorithm>
#include <charconv>

namespace vestari::wire {

Result<JidView> JidView::parse(std::string_view text) noexcept {
    const Result<JidParts> parts = JidParts::parse(text);
    if (!parts) {
        return parts.error();
    }
    return JidView{parts->user, parts->server, parts->device};
}

Result<Jid> JidView::to_jid() const {
    if (unknown_domain != 0) {
        return JidErrc::bad_device;
    }
    if (integrator != 0) {
        return Jid::make(std::to_string(integrator) + '-' + std::string{user}, server, device);
    }
    return Jid::make(user, server, device);
}

std::string JidView::to_string() const {
    std::string text;
    if (integrator != 0) {
        text += std::to_string(integrator) + '-';
    }
    text += user;
    if (device != 0) {
        text += ':' + std::to_string(device);
    }
    if (!text.empty()) {
        text += '@';
    }
    return text += server;
}

const Value* Node::find(std::string_view key) const noexcept {
    const auto found = std::ranges::find(attributes, key, &Attribute::key);
    return found == attributes.end() ? nullptr : &found->value;
}

std::optional<std::string_view> Node::text_of(std::string_view key) const noexcept {
    const Value* const value = find(key);
    const auto* const text = value == nullptr ? nullptr : std::get_if<std::string_view>(value);
    return text == nullptr ? std::nullopt : std::optional{*text};
}

std::optional<JidView> Node::jid_of(std::string_view key) const noexcept {
    const Value* const value = find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (const auto* const jid = std::get_if<JidView>(value)) {
        return *jid;
    }
    const Result<JidView> parsed = JidView::parse(*std::get_if<std::string_view>(value));
    return parsed ? std::optional{*parsed} : std::nullopt;
}

std::optional<std::uint64_t> Node::number_of(std::string_view key) const noexcept {
    const std::optional<std::string_view> text = text_of(key);
    if (!text) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    return error == std::errc{} && end == text->data() + text->size() ? std::optional{number}
                                                                      : std::nullopt;
}

const Node* Node::child(std::string_view name) const noexcept {
    const std::span<const Node> nodes = children();
    const auto found = std::ranges::find(nodes, name, &Node::tag);
    return found == nodes.end() ? nullptr : &*found;
}

namespace {

bool same_content(const Node& left, const Node& right) noexcept {
    if (const JidView* const jid = left.jid(); jid != nullptr) {
        return right.jid() != nullptr && *jid == *right.jid();
    }
    return right.jid() == nullptr && std::ranges::equal(left.bytes(), right.bytes()) &&
           std::ranges::equal(left.children(), right.children(), same);
}

} // namespace

bool same(const Node& left, const Node& right) noexcept {
    return left.tag == right.tag && std::ranges::equal(left.attributes, right.attributes) &&
           same_content(left, right);
}

} // namespace vestari::wire
