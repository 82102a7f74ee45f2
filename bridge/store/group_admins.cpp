#include "bridge/store/group_admins.hpp"

#include <algorithm>

#include "bridge/store/query.hpp"

namespace vestari::store {

namespace {

RowKey group_key(const SessionDatabase& database, std::string_view group) {
    return database.row_key("group admins", {as_bytes(group)});
}

} // namespace

std::vector<std::string> GroupAdmins::of(std::string_view group) const {
    const RowKey key = group_key(database_, group);
    Query query{database_, "SELECT sealed FROM group_admins WHERE key = ?", key};
    std::vector<std::string> users;
    if (!query.next()) {
        return users;
    }
    const Bytes plain = database_.unseal("group_admins", key, query.blob(0));
    for (std::string_view rest = as_text(plain); !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        users.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return users;
}

bool GroupAdmins::contains(std::string_view group, std::string_view user) const {
    return !user.empty() && std::ranges::count(of(group), user) > 0;
}

void GroupAdmins::add(std::string_view group, std::string_view user) {
    std::vector<std::string> users = of(group);
    if (!user.empty() && std::ranges::count(users, user) == 0) {
        users.emplace_back(user);
        replace(group, users);
    }
}

void GroupAdmins::remove(std::string_view group, std::string_view user) {
    std::vector<std::string> users = of(group);
    if (std::erase(users, user) > 0) {
        replace(group, users);
    }
}

void GroupAdmins::replace(std::string_view group, const std::vector<std::string>& users) {
    const RowKey key = group_key(database_, group);
    std::string plain;
    for (const std::string& user : users) {
        plain += plain.empty() ? "" : "\n";
        plain += user;
    }
    const Bytes sealed = database_.seal("group_admins", key, as_bytes(plain));
    Query{database_, "INSERT OR REPLACE INTO group_admins (key, sealed) VALUES (?, ?)", key, sealed}
        .run();
}

void GroupAdmins::erase_group(std::string_view group) {
    const RowKey key = group_key(database_, group);
    Query{database_, "DELETE FROM group_admins WHERE key = ?", key}.run();
}

} // namespace vestari::store
