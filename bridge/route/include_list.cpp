#include "bridge/route/include_list.hpp"

#include <algorithm>

namespace vestari::route {

namespace {

Result<std::string> group_user(std::string_view group_jid) {
    const Result<Jid> jid = Jid::parse(group_jid);
    if (!jid) {
        return jid.error();
    }
    if (!jid->is_group()) {
        return RouteErrc::not_a_group;
    }
    return jid->user();
}

} // namespace

Result<IncludeList> IncludeList::of(std::span<const std::string> group_jids) {
    IncludeList list;
    for (const std::string& text : group_jids) {
        Result<std::string> user = group_user(text);
        if (!user) {
            return user.error();
        }
        list.groups_.insert(std::move(*user));
    }
    return list;
}

bool IncludeList::contains(std::string_view group_jid) const noexcept {
    const Result<wire::JidView> jid = wire::JidView::parse(group_jid);
    return jid && contains(*jid);
}

std::vector<std::string> IncludeList::groups() const {
    std::vector<std::string> jids;
    jids.reserve(groups_.size());
    for (const std::string& user : groups_) {
        jids.push_back(user + '@' + std::string{server::group});
    }
    std::ranges::sort(jids);
    return jids;
}

Result<IncludeList> IncludeList::with(std::string_view group_jid) const {
    Result<std::string> user = group_user(group_jid);
    if (!user) {
        return user.error();
    }
    IncludeList list = *this;
    list.groups_.insert(std::move(*user));
    return list;
}

Result<IncludeList> IncludeList::without(std::string_view group_jid) const {
    const Result<std::string> user = group_user(group_jid);
    if (!user) {
        return user.error();
    }
    IncludeList list = *this;
    list.groups_.erase(*user);
    return list;
}

} // namespace vestari::route
