#include "ingest/cli/view/groups.hpp"

#include <set>

#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "ingest/cli/access/running.hpp"
#include "ingest/cli/view/house.hpp"
#include "vestari/base/jid.hpp"

namespace vestari::cli {
namespace {

using ingest::GroupEntry;

constexpr std::chrono::milliseconds nap{100};
constexpr int longest_naps = 30; // 3 s for a list that is under way

const GroupEntry* listed_as(const std::vector<GroupEntry>& listed, const std::string& jid) {
    for (const GroupEntry& group : listed) {
        if (group.jid == jid) {
            return &group;
        }
    }
    return nullptr;
}

GroupEntry entry(const std::string& jid, const std::vector<GroupEntry>& listed,
                 const std::optional<std::vector<PhoneGroup>>& of_phone) {
    const GroupEntry* known = listed_as(listed, jid);
    GroupEntry group = known != nullptr ? *known : GroupEntry{jid, "", std::nullopt};
    for (const PhoneGroup& one : of_phone.value_or(std::vector<PhoneGroup>{})) {
        if (one.jid == jid && !one.name.empty()) {
            group.name = one.name;
        }
    }
    return group;
}

[[noreturn]] void not_found(const std::string& word, const std::set<std::string>& found,
                            bool asked) { // NOLINT: private to this file
    if (found.empty() && word.find('@') != std::string::npos) {
        throw Failure{ExitCode::usage,
                      fmt::format("\"{}\" is not a group: only groups can be included", word),
                      "a group's JID ends with @g.us"};
    }
    if (!found.empty()) {
        throw Failure{
            ExitCode::differs, fmt::format("{} groups are named \"{}\"", found.size(), word),
            fmt::format("give the JID of the one that you mean: {}", fmt::join(found, ", "))};
    }
    throw Failure{ExitCode::differs, fmt::format("no group named \"{}\" is known", word),
                  asked ? "vestari groups lists them; or give its JID, such as "
                          "120363040000000001@g.us"
                        : "give its JID, such as 120363040000000001@g.us; names are known while "
                          "vestari up runs"};
}

// Whether the account is connected, or about to be: the list comes just behind the login.
bool comes_soon(const config::Config& config, const config::Account& account) {
    const auto status =
        ask_running(bridge_socket(config), {service::Method::get, "/v1/status", {}});
    const std::string state =
        status ? put_together(account.name, status->body, std::nullopt).state : std::string{};
    return state == "connected" || state == "connecting";
}

} // namespace

std::vector<PhoneGroup> read_phone_groups(const std::string& json) {
    boost::system::error_code wrong;
    const boost::json::value value = boost::json::parse(json, wrong);
    const auto* list = wrong ? nullptr : value.if_array();
    if (const auto* object = wrong ? nullptr : value.if_object()) {
        const auto* inner = object->if_contains("groups");
        list = inner == nullptr ? nullptr : inner->if_array();
    }
    if (list == nullptr) {
        throw Failure{ExitCode::defect, "vestari-bridge answered what this program cannot read",
                      "both programs must be of one version: install them together"};
    }
    std::vector<PhoneGroup> groups;
    for (const boost::json::value& item : *list) {
        const auto* object = item.if_object();
        const auto text = [&](const char* name) {
            const auto* found = object == nullptr ? nullptr : object->if_contains(name);
            return found != nullptr && found->is_string() ? std::string{found->get_string()}
                                                          : std::string{};
        };
        const auto* members = object == nullptr ? nullptr : object->if_contains("members");
        boost::system::error_code not_a_number;
        const auto count =
            members == nullptr ? std::uint64_t{0} : members->to_number<std::uint64_t>(not_a_number);
        groups.push_back({text("jid"), text("name"), not_a_number ? 0 : count});
    }
    return groups;
}

std::optional<std::vector<PhoneGroup>> groups_of_phone(const config::Config& config,
                                                       const config::Account& account) {
    for (int naps = 0;; ++naps) {
        const auto answer = ask_running(
            bridge_socket(config),
            {service::Method::get, target("/v1/groups", {{"account", account.name}}), {}});
        if (!answer || answer->status != 200) {
            return std::nullopt;
        }
        std::vector<PhoneGroup> groups = read_phone_groups(answer->body);
        if (!groups.empty() || naps == longest_naps || !comes_soon(config, account)) {
            return groups;
        }
        ::usleep(static_cast<useconds_t>(std::chrono::microseconds{nap}.count()));
    }
}

GroupEntry find_group(const std::string& word, const std::vector<GroupEntry>& listed,
                      const std::optional<std::vector<PhoneGroup>>& of_phone) {
    if (const auto jid = Jid::parse(word); jid && jid->is_group()) {
        return entry(jid->to_string(), listed, of_phone);
    }
    if (word.ends_with("@g.us")) {
        throw Failure{ExitCode::usage, fmt::format("\"{}\" is not a group's JID", word),
                      "a group's JID looks like 120363040000000001@g.us"};
    }
    std::set<std::string> found;
    for (const GroupEntry& group : listed) {
        if (group.name == word) {
            found.insert(group.jid);
        }
    }
    for (const PhoneGroup& group : of_phone.value_or(std::vector<PhoneGroup>{})) {
        if (group.name == word) {
            found.insert(group.jid);
        }
    }
    if (found.size() != 1) {
        not_found(word, found, of_phone.has_value());
    }
    return entry(*found.begin(), listed, of_phone);
}

GroupEntry GroupFinder::find(const std::string& word) {
    if (!std::exchange(asked_, true)) {
        of_phone_ = groups_of_phone(config_, account_);
    }
    return find_group(word, listed_, of_phone_);
}

} // namespace vestari::cli
