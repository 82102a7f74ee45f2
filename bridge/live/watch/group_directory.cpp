#include "bridge/live/watch/group_directory.hpp"

#include <algorithm>

#include "bridge/store/group_admins.hpp"

namespace vestari::live {

namespace {

constexpr std::size_t most_stale = 1024;         // groups that wait to be asked for
constexpr std::chrono::minutes between_lists{1}; // attempts

void remember_admins(store::SessionDatabase& database, const content::GroupInfo& group) {
    std::vector<std::string> admins;
    for (const content::GroupMember& member : group.members) {
        if (member.role == content::GroupMember::Role::member) {
            continue;
        }
        admins.push_back(member.jid.bare().to_string());
        if (member.other) {
            admins.push_back(member.other->bare().to_string());
        }
    }
    if (!group.members.empty()) {
        store::GroupAdmins{database}.replace(group.jid.to_string(), admins);
    }
}

} // namespace

void GroupDirectory::changed(std::string_view group) {
    if (stale_.size() < most_stale) {
        stale_.emplace(group);
    } else {
        list_changed();
    }
}

void GroupDirectory::heard_of(std::string_view group) {
    if (!std::ranges::binary_search(groups_, group, {}, &GroupInfo::jid)) {
        list_changed(); // the account is in it since a moment ago: the operator wants to see its name
    }
}

GroupDirectory::News GroupDirectory::answered(const Answer& answer, const wire::Node* iq,
                                              const route::IncludeList& included, Instant now) {
    if (iq == nullptr || answer.kind != Answer::Kind::result) {
        return News::none; // a single group: it stays as it was; the list: asked for again later
    }
    if (answer.what == Ask::group_list) {
        const wire::Node* const list = iq->child("groups");
        if (list == nullptr) {
            return News::none;
        }
        listed_at_ = now;
        groups_.clear();
        for (const wire::Node& child : list->children()) {
            if (const Result<content::GroupInfo> group = content::read_group_info(child)) {
                take(*group, included);
            }
        }
        return News::changed;
    }
    const wire::Node* const child = iq->child("group");
    const Result<content::GroupInfo> group =
        child != nullptr ? content::read_group_info(*child)
                         : Result<content::GroupInfo>{content::ContentErrc::not_a_group};
    if (!group || group->jid.to_string() != answer.about) {
        return News::none;
    }
    take(*group, included);
    return News::changed;
}

void GroupDirectory::take(const content::GroupInfo& group, const route::IncludeList& included) {
    const std::string jid = group.jid.to_string();
    const auto place = std::ranges::lower_bound(groups_, jid, {}, &GroupInfo::jid);
    const GroupInfo info{
        jid, group.subject,
        static_cast<std::uint32_t>(group.size != 0 ? group.size : group.members.size())};
    if (place != groups_.end() && place->jid == jid) {
        *place = info;
    } else {
        groups_.insert(place, info);
    }
    if (!included.contains(jid)) {
        return;
    }
    remember_admins(database_, group);
    for (const content::GroupMember& member : group.members) {
        if (member.other && member.other->family() != member.jid.family()) {
            const bool by_lid = member.jid.family() == Jid::Family::lid;
            mappings_.emplace_back(by_lid ? member.jid : *member.other,
                                   by_lid ? *member.other : member.jid);
        }
    }
}

std::vector<GroupDirectory::Mapping> GroupDirectory::take_mappings() {
    return std::exchange(mappings_, {});
}

void GroupDirectory::tick(Connection& connection, Instant now) {
    if (now < next_query_) {
        return;
    }
    const bool old = !listed_at_ || now >= *listed_at_ + lasts;
    if (old && (!asked_list_at_ || now >= *asked_list_at_ + between_lists)) {
        asked_list_at_ = now;
        next_query_ = now + between_queries;
        connection.ask(
            Ask::group_list, now, [](auto id) { return outbound::out::GroupList{id}; },
            server::group);
        return;
    }
    while (!stale_.empty()) {
        const std::string next = std::move(stale_.extract(stale_.begin()).value());
        const Result<Jid> jid = Jid::parse(next);
        const auto group = jid ? outbound::out::Group::of(*jid)
                               : Result<outbound::out::Group>{outbound::OutboundErrc::not_a_group};
        if (group) {
            next_query_ = now + between_queries;
            connection.ask(
                Ask::group_query, now,
                [&](auto id) { return outbound::out::GroupQuery{id, *group}; }, next);
            return;
        }
    }
}

Instant GroupDirectory::wake_at() const noexcept {
    Instant listing = next_query_;
    if (listed_at_) {
        listing = std::max(listing, *listed_at_ + lasts);
    }
    if (asked_list_at_) {
        listing = std::max(listing, *asked_list_at_ + between_lists);
    }
    return stale_.empty() ? listing : next_query_;
}

void GroupDirectory::disconnected() noexcept { asked_list_at_.reset(); }

void GroupDirectory::forget() noexcept {
    groups_.clear();
    mappings_.clear();
    stale_.clear();
    listed_at_.reset();
    disconnected();
}

} // namespace vestari::live
