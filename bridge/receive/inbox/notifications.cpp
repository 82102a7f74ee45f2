#include "bridge/receive/inbox/notifications.hpp"

#include <algorithm>

namespace vestari::receive {

namespace {

constexpr std::size_t most_collections = 16; // there are five
constexpr std::size_t longest_field = 4096;  // of linking with a code: 80 bytes at most

bool from_server(const route::StanzaHeader& header) noexcept {
    return header.from && header.from->user.empty() && header.from->server == server::phone;
}

std::optional<Jid> user_in(const wire::Node& node, std::string_view key) {
    const auto view = node.jid_of(key);
    const Result<Jid> jid = view ? view->to_jid() : Jid::parse(node.text_of(key).value_or(""));
    return jid && jid->is_user() ? std::optional{jid->bare()} : std::nullopt;
}

// Two names of one user, in whichever order they are told.
void add_mapping(const std::optional<Jid>& one, const std::optional<Jid>& other, News& news) {
    if (!one || !other || one->family() == other->family()) {
        return;
    }
    const bool lid_first = one->family() == Jid::Family::lid;
    news.mappings.emplace_back(lid_first ? *one : *other, lid_first ? *other : *one);
}

void read_encrypt(const wire::Node& stanza, const route::StanzaHeader& header, News& news) {
    if (stanza.child("identity") != nullptr) {
        news.identity = true;
        const Result<Jid> user = header.from ? header.from->to_jid() : Result<Jid>{JidErrc::empty};
        if (user && user->is_user()) {
            news.reset = user->bare();
        }
        return;
    }
    if (!from_server(header)) {
        return;
    }
    if (const wire::Node* const count = stanza.child("count")) {
        if (const auto left = count->number_of("value")) {
            news.notices.emplace_back(notice::PreKeysLow{*left});
        }
    }
    if (stanza.child("digest") != nullptr) {
        news.notices.emplace_back(notice::DigestWanted{});
    }
}

void read_app_state(const wire::Node& stanza, News& news) {
    notice::AppStateChanged changed;
    for (const wire::Node& child : stanza.children()) {
        const auto name = child.text_of("name");
        if (child.tag == "collection" && name && changed.collections.size() < most_collections) {
            changed.collections.push_back(
                {std::string{*name}, child.number_of("version").value_or(0)});
        }
    }
    if (!changed.collections.empty()) {
        news.notices.emplace_back(std::move(changed));
    }
}

Bytes field_of(const wire::Node& stanza, std::string_view name) {
    const wire::Node* const child = stanza.child(name);
    return child != nullptr && child->bytes().size() <= longest_field ? to_bytes(child->bytes())
                                                                      : Bytes{};
}

void read_link_code(const wire::Node& stanza, News& news) {
    const wire::Node* const code = stanza.child("link_code_companion_reg");
    if (code == nullptr) {
        return;
    }
    notice::LinkCode link{field_of(*code, "link_code_pairing_ref"),
                          field_of(*code, "link_code_pairing_wrapped_primary_ephemeral_pub"),
                          field_of(*code, "primary_identity_pub")};
    if (!link.wrapped_primary_ephemeral.empty()) {
        news.notices.emplace_back(std::move(link));
    }
}

void read_devices(const wire::Node& stanza, const route::StanzaHeader& header,
                  const std::optional<route::Own>& me, News& news) {
    const std::optional<Jid> user = user_in(stanza, "from");
    add_mapping(user, user_in(stanza, "lid"), news);
    if (me && header.from && me->is(*header.from)) {
        news.notices.emplace_back(notice::OwnDevicesChanged{});
    }
}

// A contact has a new number: <modify old= new= old_lid= new_lid=>, as far as they are told.
void read_contacts(const wire::Node& stanza, News& news) {
    if (const wire::Node* const modify = stanza.child("modify")) {
        add_mapping(user_in(*modify, "new_lid"), user_in(*modify, "new"), news);
    }
}

} // namespace

bool worth_reading(const route::StanzaHeader& header) noexcept {
    constexpr std::string_view types[] = {"encrypt",
                                          "devices",
                                          "account_sync",
                                          "server_sync",
                                          "contacts",
                                          "link_code_companion_reg",
                                          "passkey_prologue_request",
                                          "crsc_continuation"};
    return std::ranges::find(types, header.type) != std::ranges::end(types);
}

News read_notification(const wire::Node& stanza, const route::StanzaHeader& header,
                       const std::optional<route::Own>& me) {
    News news;
    const std::string_view type = header.type;
    if (type == "encrypt") {
        read_encrypt(stanza, header, news);
    } else if (type == "devices") {
        read_devices(stanza, header, me, news);
    } else if (type == "account_sync" && stanza.child("devices") != nullptr) {
        news.notices.emplace_back(notice::OwnDevicesChanged{});
    } else if (type == "server_sync") {
        read_app_state(stanza, news);
    } else if (type == "contacts") {
        read_contacts(stanza, news);
    } else if (type == "link_code_companion_reg" && from_server(header)) {
        read_link_code(stanza, news);
    } else if (type == "passkey_prologue_request" || type == "crsc_continuation") {
        news.notices.emplace_back(notice::PasskeyWanted{});
    }
    return news;
}

} // namespace vestari::receive
