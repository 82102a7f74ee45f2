#include "tests/sim/base/tree.hpp"

#include <charconv>

#include "bridge/wire/decoder.hpp"
#include "vestari/base/check.hpp"

namespace vestari::sim {

namespace {

constexpr std::size_t shown_bytes = 48;

Stanza::Value value_of(const wire::Value& value) {
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        return std::string{*text};
    }
    const auto& view = std::get<wire::JidView>(value);
    if (Result<Jid> exact = view.to_jid(); exact) {
        return *std::move(exact);
    }
    return view.to_string();
}

// The depth is the decoder's to bound.
Stanza owned(const wire::Node& node) {
    Stanza out{.tag = std::string{node.tag}, .attributes = {}, .children = {}, .bytes = {}};
    for (const wire::Attribute& attribute : node.attributes) {
        out.attributes.emplace_back(attribute.key, value_of(attribute.value));
    }
    for (const wire::Node& below : node.children()) {
        out.children.push_back(owned(below));
    }
    out.bytes = node.jid() != nullptr ? to_bytes(node.jid()->to_string()) : to_bytes(node.bytes());
    return out;
}

std::string printed(const Stanza::Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        return *text;
    }
    return std::get<Jid>(value).to_string();
}

const Stanza::Value* find(const Stanza& stanza, std::string_view key) {
    const auto found = std::ranges::find(stanza.attributes, key,
                                         [](const auto& a) -> std::string_view { return a.first; });
    return found == stanza.attributes.end() ? nullptr : &found->second;
}

bool printable(const Bytes& bytes) {
    return std::ranges::all_of(bytes, [](std::byte b) {
        return std::to_integer<int>(b) >= 0x20 && std::to_integer<int>(b) < 0x7f;
    });
}

} // namespace

Result<Stanza> parse(BytesView document) {
    Result<wire::Document> decoded = wire::decode(document);
    if (!decoded) {
        return decoded.error();
    }
    return owned(decoded->root());
}

Bytes plain(const Stanza& stanza) { return synth::encode(stanza, synth::Packing::plain); }

std::string text_of(const Stanza& stanza, std::string_view key) {
    const Stanza::Value* value = find(stanza, key);
    return value == nullptr ? std::string{} : printed(*value);
}

bool has(const Stanza& stanza, std::string_view key) { return find(stanza, key) != nullptr; }

std::optional<Jid> jid_of(const Stanza& stanza, std::string_view key) {
    const Stanza::Value* value = find(stanza, key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (const auto* exact = std::get_if<Jid>(value)) {
        return *exact;
    }
    Result<Jid> parsed = Jid::parse(std::get<std::string>(*value));
    return parsed ? std::optional{*std::move(parsed)} : std::nullopt;
}

std::optional<std::uint64_t> number_of(const Stanza& stanza, std::string_view key) {
    const std::string text = text_of(stanza, key);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size() && !text.empty();
    return whole ? std::optional{number} : std::nullopt;
}

const Stanza* child(const Stanza& stanza, std::string_view tag) {
    const auto found = std::ranges::find(stanza.children, tag, &Stanza::tag);
    return found == stanza.children.end() ? nullptr : &*found;
}

const Stanza* only_child(const Stanza& stanza) {
    return stanza.children.size() == 1 ? &stanza.children.front() : nullptr;
}

void set(Stanza& stanza, std::string_view key, Stanza::Value value) {
    drop(stanza, key);
    stanza.attributes.emplace_back(key, std::move(value));
}

void drop(Stanza& stanza, std::string_view key) {
    std::erase_if(stanza.attributes, [key](const auto& a) { return a.first == key; });
}

Stanza element(std::string_view tag, Bytes content) {
    return {.tag = std::string{tag}, .attributes = {}, .children = {}, .bytes = std::move(content)};
}

Stanza with_text(std::string_view tag, std::string_view content) {
    return element(tag, to_bytes(content));
}

Jid jid(std::string_view text) {
    Result<Jid> parsed = Jid::parse(text);
    VESTARI_CHECK(parsed.has_value());
    return *std::move(parsed);
}

Jid server_jid() { return jid(server::phone); }

std::string to_xml(const Stanza& stanza) {
    std::string out = "<" + stanza.tag;
    for (const auto& [key, value] : stanza.attributes) {
        out += " " + key + "=\"" + printed(value) + "\"";
    }
    if (stanza.children.empty() && stanza.bytes.empty()) {
        return out + "/>";
    }
    out += ">";
    for (const Stanza& below : stanza.children) {
        out += to_xml(below);
    }
    if (printable(stanza.bytes)) {
        out += as_text(stanza.bytes);
    } else {
        const BytesView all = stanza.bytes;
        out += to_hex(all.first(std::min(all.size(), shown_bytes)));
        if (all.size() > shown_bytes) {
            out += "… " + std::to_string(all.size()) + " bytes";
        }
    }
    return out + "</" + stanza.tag + ">";
}

} // namespace vestari::sim
