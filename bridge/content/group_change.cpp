#include "bridge/content/group_change.hpp"

#include <algorithm>

#include "bridge/content/names.hpp"
#include "vestari/base/utf8.hpp"

namespace vestari::content {

namespace {

constexpr std::size_t max_description_bytes = 4096;

// An attribute or a content as a JID; some peers send text where others send the binary form.
std::optional<Jid> jid_of(const wire::Node& node, std::string_view key) {
    const wire::Value* value = node.find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (const auto* view = std::get_if<wire::JidView>(value)) {
        const Result<Jid> jid = view->to_jid();
        return jid ? std::optional{*jid} : std::nullopt;
    }
    const Result<Jid> jid = Jid::parse(std::get<std::string_view>(*value));
    return jid ? std::optional{*jid} : std::nullopt;
}

std::optional<Jid> user_of(const wire::Node& node, std::string_view key) {
    const std::optional<Jid> jid = jid_of(node, key);
    return jid && jid->is_user() ? std::optional{jid->bare()} : std::nullopt;
}

std::optional<Jid> group_of(const wire::Node& node, std::string_view key) {
    const std::optional<Jid> jid = jid_of(node, key);
    return jid && jid->is_group() ? jid : std::nullopt;
}

std::string_view text_of(const wire::Node& node, std::string_view key) {
    return node.text_of(key).value_or(std::string_view{});
}

GroupMember::Role role_of(std::string_view type) noexcept {
    if (type == "superadmin") {
        return GroupMember::Role::superadmin;
    }
    return type == "admin" ? GroupMember::Role::admin : GroupMember::Role::member;
}

std::vector<GroupMember> members_of(const wire::Node& list) {
    std::vector<GroupMember> members;
    for (const wire::Node& child : list.children()) {
        if (child.tag != "participant") {
            continue;
        }
        std::optional<Jid> jid = user_of(child, "jid");
        if (!jid) {
            continue;
        }
        const bool by_lid = jid->family() == Jid::Family::lid;
        std::optional<Jid> other = user_of(child, by_lid ? "phone_number" : "lid");
        if (other && other->family() == jid->family()) {
            other.reset();
        }
        members.push_back(GroupMember{.jid = *std::move(jid),
                                      .other = std::move(other),
                                      .role = role_of(text_of(child, "type"))});
    }
    return members;
}

// `id` of <group> is the user part alone, or a whole JID.
std::optional<Jid> own_jid(const wire::Node& group) {
    if (std::optional<Jid> whole = group_of(group, "id")) {
        return whole;
    }
    const std::string_view user = text_of(group, "id");
    if (user.empty() || user.find('@') != std::string_view::npos) {
        return std::nullopt;
    }
    const Result<Jid> jid = Jid::make(user, server::group);
    return jid ? std::optional{*jid} : std::nullopt;
}

void read_flag(const wire::Node& child, GroupInfo& to) {
    if (child.tag == "announcement") {
        to.announce = true;
    } else if (child.tag == "locked") {
        to.locked = true;
    } else if (child.tag == "suspended") {
        to.suspended = true;
    } else if (child.tag == "parent") {
        to.is_community_parent = true;
    } else if (child.tag == "default_sub_group") {
        to.is_community_announce = true;
    } else if (child.tag == "linked_parent") {
        to.linked_parent = group_of(child, "jid");
    } else if (child.tag == "ephemeral") {
        to.ephemeral_seconds = child.number_of("expiration").value_or(0);
    } else if (child.tag == "description") {
        if (const wire::Node* body = child.child("body")) {
            const std::string valid = to_valid_utf8(cut_utf8(body->text(), max_description_bytes));
            to.description = cut_utf8(valid, max_description_bytes);
        }
    }
}

struct Word {
    std::string_view tag;
    GroupChange::What what;
};
constexpr Word words[] = {
    {"subject", GroupChange::What::subject},
    {"create", GroupChange::What::create},
    {"add", GroupChange::What::add},
    {"remove", GroupChange::What::remove},
    {"promote", GroupChange::What::promote},
    {"demote", GroupChange::What::demote},
    {"modify", GroupChange::What::modify},
    {"delete", GroupChange::What::deleted},
    {"ephemeral", GroupChange::What::flags},
    {"not_ephemeral", GroupChange::What::flags},
    {"announcement", GroupChange::What::flags},
    {"not_announcement", GroupChange::What::flags},
    {"locked", GroupChange::What::flags},
    {"unlocked", GroupChange::What::flags},
    {"suspended", GroupChange::What::flags},
    {"unsuspended", GroupChange::What::flags},
    {"description", GroupChange::What::flags},
    {"link", GroupChange::What::flags},
    {"unlink", GroupChange::What::flags},
};

GroupChange::What what_of(std::string_view tag) noexcept {
    const auto* word = std::ranges::find(words, tag, &Word::tag);
    return word != std::end(words) ? word->what : GroupChange::What::other;
}

void read_child(const wire::Node& child, GroupChange& to) {
    to.what = what_of(child.tag);
    switch (to.what) {
    case GroupChange::What::subject:
        to.subject = clean_name(text_of(child, "subject"));
        to.subject_time = child.number_of("s_t").value_or(0);
        break;
    case GroupChange::What::create:
        if (const wire::Node* group = child.child("group")) {
            Result<GroupInfo> info = read_group_info(*group);
            if (info && info->jid == to.chat) {
                to.subject = info->subject;
                to.subject_time = info->subject_time;
                to.group = *std::move(info);
            }
        }
        break;
    case GroupChange::What::add:
    case GroupChange::What::remove:
    case GroupChange::What::promote:
    case GroupChange::What::demote:
    case GroupChange::What::modify: to.members = members_of(child); break;
    case GroupChange::What::flags:
        to.ephemeral_seconds =
            child.tag == "ephemeral" ? child.number_of("expiration").value_or(0) : 0;
        break;
    case GroupChange::What::deleted:
    case GroupChange::What::other: break;
    }
}

} // namespace

std::string_view to_string(GroupChange::What what) noexcept {
    if (what == GroupChange::What::flags) {
        return "flags";
    }
    const auto* word = std::ranges::find(words, what, &Word::what);
    return word != std::end(words) ? word->tag : "other";
}

Result<GroupInfo> read_group_info(const wire::Node& group) {
    const std::optional<Jid> jid = own_jid(group);
    if (group.tag != "group" || !jid) {
        return ContentErrc::not_a_group;
    }
    GroupInfo to{*jid};
    to.subject = clean_name(text_of(group, "subject"));
    to.subject_time = group.number_of("s_t").value_or(0);
    to.creation = group.number_of("creation").value_or(0);
    const std::string_view mode = text_of(group, "addressing_mode");
    to.addressing_mode = mode == "pn" || mode == "lid" ? mode : std::string_view{};
    to.members = members_of(group);
    to.size = group.number_of("size").value_or(to.members.size());
    for (const wire::Node& child : group.children()) {
        read_flag(child, to);
    }
    return to;
}

Result<GroupChange> read_group_change(const wire::Node& notification) {
    std::optional<Jid> chat = group_of(notification, "from");
    if (notification.tag != "notification" || text_of(notification, "type") != "w:gp2" || !chat) {
        return ContentErrc::not_a_group;
    }
    GroupChange to{*std::move(chat)};
    to.actor = user_of(notification, "participant");
    for (const wire::Node& child : notification.children()) {
        read_child(child, to);
        if (to.what != GroupChange::What::other) {
            break;
        }
    }
    return to;
}

Membership own_membership(const GroupChange& change, const std::optional<Jid>& own_pn,
                          const std::optional<Jid>& own_lid) noexcept {
    const auto is_own = [&](const GroupMember& member) {
        return (own_pn && member.is(*own_pn)) || (own_lid && member.is(*own_lid));
    };
    switch (change.what) {
    case GroupChange::What::create: return Membership::joined;
    case GroupChange::What::deleted: return Membership::left;
    case GroupChange::What::add:
        return std::ranges::any_of(change.members, is_own) ? Membership::joined
                                                           : Membership::unchanged;
    case GroupChange::What::remove:
        return std::ranges::any_of(change.members, is_own) ? Membership::left
                                                           : Membership::unchanged;
    case GroupChange::What::subject:
    case GroupChange::What::promote:
    case GroupChange::What::demote:
    case GroupChange::What::modify:
    case GroupChange::What::flags:
    case GroupChange::What::other: break;
    }
    return Membership::unchanged;
}

} // namespace vestari::content
