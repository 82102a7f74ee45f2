#include "bridge/outbound/shape/match.hpp"

#include <algorithm>
#include <charconv>

namespace vestari::outbound::rule {

namespace {

constexpr std::string_view digits = "0123456789";

bool is_one_of(std::string_view words, std::string_view text) noexcept {
    while (!words.empty()) {
        const std::size_t end = std::min(words.find('|'), words.size());
        if (words.substr(0, end) == text) {
            return true;
        }
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

// Decimal, at most `most`, and as it is printed: "7", never "07" or "+7".
bool is_number(std::string_view text, std::uint64_t most) noexcept {
    if (text.empty() || (text.size() > 1 && text.front() == '0') ||
        text.find_first_not_of(digits) != std::string_view::npos) {
        return false;
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value <= most;
}

bool is_request_id(std::string_view text) noexcept {
    const std::size_t dot = text.find('.');
    const std::size_t dash = text.find('-');
    return dot != std::string_view::npos && dash != std::string_view::npos && dot < dash &&
           is_number(text.substr(0, dot), 0xff) &&
           is_number(text.substr(dot + 1, dash - dot - 1), 0xff) &&
           is_number(text.substr(dash + 1), 0xffff'ffff);
}

// A JID as ours are: every part of it can be acted on, without an agent. In its binary form or as text, which the codec uses for
// devices above 255.
std::optional<wire::JidView> jid_in(const wire::Value& value) noexcept {
    wire::JidView jid;
    if (const auto* const binary = std::get_if<wire::JidView>(&value)) {
        jid = *binary;
    } else {
        const std::string_view text = std::get<std::string_view>(value);
        const Result<wire::JidView> parsed = wire::JidView::parse(text);
        if (!parsed || text.find('@') == std::string_view::npos) {
            return std::nullopt;
        }
        jid = *parsed;
    }
    const Result<JidParts> parts = JidParts{jid.user, jid.server, jid.device}.checked();
    const bool usable = parts && parts->user == jid.user && jid.unknown_domain == 0;
    return usable ? std::optional{jid} : std::nullopt;
}

bool is_server(const wire::Value& value, std::string_view server) noexcept {
    const auto* const jid = std::get_if<wire::JidView>(&value);
    return jid != nullptr && *jid == wire::JidView{.user = {}, .server = server};
}

bool is_own(const wire::JidView& jid, const Own& own) noexcept {
    return (own.pn && jid.same_user(*own.pn)) || (own.lid && jid.same_user(*own.lid));
}

bool is_own_device(const wire::JidView& jid, const Own& own) noexcept {
    return own.pn && own.pn->device() != 0 &&
           jid == wire::JidView{.user = own.pn->user(),
                                .server = own.pn->server(),
                                .device = own.pn->device()};
}

bool is_phone_user(const wire::JidView& jid) noexcept {
    return jid.server == server::phone && jid.device == 0 && jid.user.size() >= 7 &&
           jid.user.size() <= 15 && jid.user.front() != '0' &&
           jid.user.find_first_not_of(digits) == std::string_view::npos;
}

bool is_conversation(const wire::JidView& jid) noexcept {
    return jid.server != server::newsletter &&
           !(jid.server == server::broadcast && jid.user == "status");
}

bool fits_jid(Kind kind, const wire::JidView& jid, const Own& own) noexcept {
    switch (kind) {
    case Kind::anyone: return true;
    case Kind::conversation: return is_conversation(jid);
    case Kind::group: return jid.server == server::group && !jid.user.empty() && jid.device == 0;
    case Kind::group_or_server: return jid.server == server::group;
    case Kind::phone_user: return is_phone_user(jid);
    case Kind::own_user: return is_own(jid, own) && jid.device == 0;
    case Kind::own_anywhere: return is_own(jid, own);
    case Kind::own_device: return is_own_device(jid, own);
    case Kind::word:
    case Kind::request_id:
    case Kind::text:
    case Kind::number:
    case Kind::server:
    case Kind::group_server: break;
    }
    return false;
}

bool fits(const Attribute& rule, const wire::Value& value, const Own& own) noexcept {
    if (rule.kind == Kind::server || rule.kind == Kind::group_server) {
        return is_server(value, rule.kind == Kind::server ? server::phone : server::group);
    }
    const auto* const text = std::get_if<std::string_view>(&value);
    switch (rule.kind) {
    case Kind::word: return text != nullptr && is_one_of(rule.words, *text);
    case Kind::request_id: return text != nullptr && is_request_id(*text);
    case Kind::text: return text != nullptr && !text->empty();
    case Kind::number: return text != nullptr && is_number(*text, UINT64_MAX);
    case Kind::server:
    case Kind::group_server:
    case Kind::group:
    case Kind::group_or_server:
    case Kind::conversation:
    case Kind::anyone:
    case Kind::phone_user:
    case Kind::own_user:
    case Kind::own_anywhere:
    case Kind::own_device: break;
    }
    const std::optional<wire::JidView> jid = jid_in(value);
    return jid && fits_jid(rule.kind, *jid, own);
}

// Each attribute of the node has its rule and fits it, each rule is met once unless it is optional.
bool attributes_match(std::span<const Attribute> rules, const wire::Node& node,
                      const Own& own) noexcept {
    if (node.attributes.size() > rules.size()) {
        return false;
    }
    std::size_t met = 0;
    for (const Attribute& rule : rules) {
        std::size_t times = 0;
        for (const wire::Attribute& attribute : node.attributes) {
            if (attribute.key == rule.key) {
                ++times;
                if (!fits(rule, attribute.value, own)) {
                    return false;
                }
            }
        }
        if (times > 1 || (times == 0 && rule.need == Need::required)) {
            return false;
        }
        met += times;
    }
    return met == node.attributes.size();
}

bool children_match(std::span<const Child> rules, std::span<const wire::Node> nodes,
                    const Own& own) noexcept {
    std::size_t next = 0;
    for (const Child& rule : rules) {
        std::size_t times = 0;
        while (times < rule.most && next < nodes.size() && matches(*rule.node, nodes[next], own)) {
            ++times;
            ++next;
        }
        if (times < rule.least) {
            return false;
        }
    }
    return next == nodes.size();
}

bool content_matches(const Node& rule, const wire::Node& node, const Own& own) noexcept {
    switch (rule.content) {
    case Content::none: return node.content() == wire::Node::Content::none;
    case Content::bytes:
        return node.content() == wire::Node::Content::bytes && node.bytes().size() >= rule.least &&
               node.bytes().size() <= rule.most;
    case Content::words:
        return node.content() == wire::Node::Content::bytes && is_one_of(rule.words, node.text());
    case Content::children:
        return node.content() == wire::Node::Content::children &&
               children_match(rule.children, node.children(), own);
    }
    return false;
}

} // namespace

bool matches(const Node& rule, const wire::Node& node, const Own& own) noexcept {
    return node.tag == rule.tag && attributes_match(rule.attributes, node, own) &&
           content_matches(rule, node, own);
}

} // namespace vestari::outbound::rule
