// What the server says about a group: the <group> node of a query's answer, and w:gp2 notifications.
//
// Invariants  names are clean (names.hpp); members with a JID that cannot be one are left out. Members other than those who write
//             are not to be kept: take admins, the own entry and PN-LID pairs of known senders, and let the rest go.
// Threads     free functions and values.
// Errors      ContentErrc::not_a_group: another node, or one without a group's JID.
// Source      wire/20-messages.md sections 12.1 and 12.3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bridge/content/protobuf_reader.hpp"
#include "bridge/wire/node.hpp"
#include "vestari/base/jid.hpp"

namespace vestari::content {

struct GroupMember {
    enum class Role : std::uint8_t { member, admin, superadmin };
    Jid jid;                  // as the group addresses it, without a device
    std::optional<Jid> other; // the same person in the other namespace, where it is told
    Role role = Role::member;

    bool is(const Jid& user) const noexcept {
        return jid.same_user(user) || (other && other->same_user(user));
    }
};

struct GroupInfo {
    Jid jid;
    std::string subject;
    std::uint64_t subject_time = 0; // seconds
    std::uint64_t creation = 0;     // seconds
    std::string addressing_mode;    // "pn", "lid" or empty
    std::uint64_t size = 0;         // of the group; the list of members may be shorter
    std::vector<GroupMember> members;
    std::optional<Jid> linked_parent; // the community
    std::uint64_t ephemeral_seconds = 0;
    std::string description;
    bool announce = false; // only admins write
    bool locked = false;
    bool suspended = false;
    bool is_community_parent = false;
    bool is_community_announce = false;

    explicit GroupInfo(Jid group) : jid{std::move(group)} {}
};

struct GroupChange {
    enum class What : std::uint8_t {
        subject, // `subject` and `subject_time`
        create,  // `group` and its subject: the own account was added to it or made it
        add,
        remove,
        promote, // `members` became admins
        demote,  // `members` are no admins any more
        modify,  // a member changed its number
        deleted,
        flags, // who may write, disappearing messages, community, description: ask for the group's information again
        other, // nothing that is read
    };
    What what = What::other;
    Jid chat;
    std::optional<Jid> actor; // who did it, as the server says
    std::string subject;
    std::uint64_t subject_time = 0;
    std::uint64_t ephemeral_seconds = 0; // of flags: 0 also when it was switched off
    std::vector<GroupMember> members;    // of add, remove, promote, demote, modify
    std::optional<GroupInfo> group;      // of create

    explicit GroupChange(Jid about) : chat{std::move(about)} {}
};
std::string_view
to_string(GroupChange::What what) noexcept; // the child's tag, as far as it has one

// `group` is the <group> node itself.
[[nodiscard]] Result<GroupInfo> read_group_info(const wire::Node& group);

// A <notification type="w:gp2">; it is acknowledged whatever comes of it.
[[nodiscard]] Result<GroupChange> read_group_change(const wire::Node& notification);

enum class Membership : std::uint8_t { unchanged, joined, left };

// What the change means for the own account; an own JID that is not known is empty.
Membership own_membership(const GroupChange& change, const std::optional<Jid>& own_pn,
                          const std::optional<Jid>& own_lid) noexcept;

} // namespace vestari::content
