#include "bridge/receive/group_changes.hpp"

namespace vestari::receive {

namespace {

using What = content::GroupChange::What;
using Role = content::GroupMember::Role;

// Both names of a member, bare.
std::vector<std::string> names_of(const content::GroupMember& member) {
    std::vector<std::string> names{member.jid.bare().to_string()};
    if (member.other) {
        names.push_back(member.other->bare().to_string());
    }
    return names;
}

} // namespace

void GroupChanges::apply(const content::GroupChange& change, std::string_view id, TimePoint at) {
    const std::string group = change.chat.to_string();
    switch (change.what) {
    case What::subject: publisher_.renamed(group, change.subject, id, at); break;
    case What::create:
        if (change.group) {
            std::vector<std::string> admins;
            for (const content::GroupMember& member : change.group->members) {
                if (member.role != Role::member) {
                    std::ranges::copy(names_of(member), std::back_inserter(admins));
                }
            }
            admins_.replace(group, admins);
            publisher_.renamed(group, change.group->subject, id, at);
        }
        break;
    case What::promote:
    case What::demote:
    case What::remove:
    case What::add: set_role(change); break;
    case What::deleted: admins_.erase_group(group); break;
    case What::modify:
    case What::flags:
    case What::other: break;
    }
}

void GroupChanges::set_role(const content::GroupChange& change) {
    const std::string group = change.chat.to_string();
    for (const content::GroupMember& member : change.members) {
        const bool admin = change.what == What::promote ||
                           (change.what == What::add && member.role != Role::member);
        for (const std::string& name : names_of(member)) {
            admin ? admins_.add(group, name) : admins_.remove(group, name);
        }
    }
}

} // namespace vestari::receive
