#include "ingest/cli/view/house.hpp"

#include <algorithm>

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "ingest/export/json_text.hpp"

namespace vestari::cli {
namespace {

using boost::json::object;

const object* account_in(const boost::json::value& status, const std::string& name) {
    const auto* whole = status.if_object();
    const auto* list = whole == nullptr ? nullptr : whole->if_contains("accounts");
    const auto* accounts = list == nullptr ? nullptr : list->if_array();
    for (std::size_t i = 0; accounts != nullptr && i < accounts->size(); ++i) {
        const auto* account = (*accounts)[i].if_object();
        const auto* its = account == nullptr ? nullptr : account->if_contains("name");
        if (its != nullptr && its->is_string() && its->get_string() == name) {
            return account;
        }
    }
    return nullptr;
}

const object* inner(const object& from, std::string_view name) {
    const auto* found = from.if_contains(name);
    return found == nullptr ? nullptr : found->if_object();
}

std::optional<std::string> text(const object* from, std::string_view name) {
    const auto* found = from == nullptr ? nullptr : from->if_contains(name);
    return found != nullptr && found->is_string()
               ? std::optional<std::string>{std::string{found->get_string()}}
               : std::nullopt;
}

std::optional<std::uint64_t> number(const object* from, std::string_view name) {
    const auto* found = from == nullptr ? nullptr : from->if_contains(name);
    boost::system::error_code wrong;
    const auto value = found == nullptr ? std::uint64_t{0} : found->to_number<std::uint64_t>(wrong);
    return found == nullptr || wrong ? std::nullopt : std::optional{value};
}

std::optional<bool> truth(const object* from, std::string_view name) {
    const auto* found = from == nullptr ? nullptr : from->if_contains(name);
    return found != nullptr && found->is_bool() ? std::optional{found->get_bool()} : std::nullopt;
}

template <class Each> void for_each_in(const object& from, std::string_view name, Each&& each) {
    const auto* found = from.if_contains(name);
    const auto* list = found == nullptr ? nullptr : found->if_array();
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        if (const auto* item = (*list)[i].if_object()) {
            each(*item);
        }
    }
}

void take_warnings(HouseAccount& account, const object& from) {
    for_each_in(from, "warnings", [&](const object& one) {
        account.warnings.push_back(
            {text(&one, "code").value_or(""), text(&one, "text").value_or(""),
             text(&one, "cause").value_or(""), text(&one, "next").value_or("")});
    });
}

void take_ingest(HouseAccount& account, const object& from) {
    const object* counts = inner(from, "counts");
    account.messages = number(counts, "messages");
    account.deals = number(counts, "deals");
    account.outbox = number(&from, "outbox");
    account.pipe = text(&from, "pipe").value_or("");
    for_each_in(from, "groups", [&](const object& one) {
        account.groups.push_back({text(&one, "jid").value_or(""), text(&one, "name").value_or(""),
                                  truth(&one, "included").value_or(true), std::nullopt,
                                  std::nullopt});
    });
    take_warnings(account, from);
}

// States that need somebody's hand become a warning with the next step.
void warn_of_state(HouseAccount& account, const object& from) {
    if (account.state == "connected" || account.state == "connecting" ||
        account.state == "linking") {
        return;
    }
    const std::string code = text(&from, "code").value_or("");
    account.warnings.insert(account.warnings.begin(),
                            {code.empty() ? account.state : code, account.state, account.why,
                             text(&from, "next").value_or("")});
}

void take_bridge(HouseAccount& account, const object& from) {
    account.linked = truth(&from, "linked");
    const object* me = inner(from, "me");
    account.me_pn = text(me, "pn").value_or("");
    account.me_lid = text(me, "lid").value_or("");
    account.state = text(&from, "state").value_or("offline");
    account.why = text(&from, "why").value_or("");
    account.since = text(&from, "since");
    account.linked_since = text(&from, "linked_since");
    account.phone_last_seen = text(&from, "phone_last_seen");
    const object* counts = inner(from, "counts");
    account.seen = number(counts, "seen");
    account.dropped = number(counts, "dropped");
    account.decrypted = number(counts, "decrypted");
    account.undecryptable = number(counts, "undecryptable");
    account.spool = number(inner(from, "spool"), "rows");
    for_each_in(from, "groups", [&](const object& one) {
        const std::string jid = text(&one, "jid").value_or("");
        auto known = std::find_if(account.groups.begin(), account.groups.end(),
                                  [&](const HouseGroup& group) { return group.jid == jid; });
        if (known == account.groups.end()) {
            known = account.groups.insert(known, HouseGroup{jid, "", true, {}, {}});
        }
        known->last_message_at = text(&one, "last_message_at");
        known->fresh = truth(&one, "fresh");
    });
    warn_of_state(account, from);
    take_warnings(account, from);
}

void append(std::string& json, std::string_view name, const std::optional<std::string>& value) {
    json += fmt::format("\"{}\":", name);
    if (value) {
        ingest::append_json_string(json, *value);
    } else {
        json += "null";
    }
}

std::string or_null(const std::optional<std::uint64_t>& value) {
    return value ? std::to_string(*value) : "null";
}
std::string or_null(const std::optional<bool>& value) {
    return !value ? "null" : *value ? "true" : "false";
}
std::optional<std::string> known(const std::string& value) {
    return value.empty() ? std::nullopt : std::optional{value};
}

void append_group(std::string& json, const HouseGroup& group) {
    json += '{';
    append(json, "jid", group.jid);
    json += ',';
    append(json, "name", known(group.name));
    json += fmt::format(",\"included\":{},", group.included);
    append(json, "last_message_at", group.last_message_at);
    json += fmt::format(",\"fresh\":{}}}", or_null(group.fresh));
}

void append_warning(std::string& json, const HouseWarning& warning) {
    json += '{';
    append(json, "code", warning.code);
    json += ',';
    append(json, "text", warning.text);
    json += ',';
    append(json, "cause", warning.cause);
    json += ',';
    append(json, "next", warning.next);
    json += '}';
}

void append_account(std::string& json, const HouseAccount& account) {
    json += '{';
    append(json, "name", account.name);
    json += fmt::format(",\"linked\":{},\"me\":", or_null(account.linked));
    if (account.me_pn.empty() && account.me_lid.empty()) {
        json += "null";
    } else {
        json += '{';
        append(json, "pn", known(account.me_pn));
        json += ',';
        append(json, "lid", known(account.me_lid));
        json += '}';
    }
    json += ',';
    append(json, "state", account.state);
    json += ',';
    append(json, "since", account.since);
    json += ',';
    append(json, "last_message_at", account.last_message_at());
    json += fmt::format(
        R"(,"counts":{{"seen":{},"dropped":{},"decrypted":{},"undecryptable":{},"messages":{},"deals":{}}},"groups":[)",
        or_null(account.seen), or_null(account.dropped), or_null(account.decrypted),
        or_null(account.undecryptable), or_null(account.messages), or_null(account.deals));
    for (const HouseGroup& group : account.groups) {
        json += &group == &account.groups.front() ? "\n" : ",\n";
        append_group(json, group);
    }
    json += fmt::format("],\"spool\":{},\"outbox\":{},\"warnings\":[", or_null(account.spool),
                        or_null(account.outbox));
    for (const HouseWarning& warning : account.warnings) {
        json += &warning == &account.warnings.front() ? "\n" : ",\n";
        append_warning(json, warning);
    }
    json += "]}";
}

} // namespace

std::optional<std::string> HouseAccount::last_message_at() const {
    std::optional<std::string> last;
    for (const HouseGroup& group : groups) {
        last = std::max(last, group.last_message_at); // RFC 3339 in UTC sorts by time
    }
    return last;
}

HouseAccount put_together(const std::string& account, const std::optional<std::string>& bridge,
                          const std::optional<std::string>& ingest) {
    boost::system::error_code wrong;
    const boost::json::value from_ingest = ingest ? boost::json::parse(*ingest, wrong) : nullptr;
    const boost::json::value from_bridge = bridge ? boost::json::parse(*bridge, wrong) : nullptr;
    HouseAccount house;
    house.name = account;
    if (const object* said = account_in(from_ingest, account)) {
        take_ingest(house, *said);
    }
    if (const object* said = account_in(from_bridge, account)) {
        take_bridge(house, *said);
    } else {
        house.why =
            bridge ? "vestari-bridge does not know this account" : "vestari-bridge is not running";
        house.warnings.insert(
            house.warnings.begin(),
            {"bridge_down", "nothing is read at the moment", house.why,
             bridge ? "restart it: it reads the configuration when it starts" : "vestari up"});
    }
    return house;
}

std::string house_json(const std::vector<HouseAccount>& accounts) {
    std::string json = "{\"accounts\":[";
    for (const HouseAccount& account : accounts) {
        json += &account == &accounts.front() ? "\n" : ",\n";
        append_account(json, account);
    }
    return json + "\n]}\n";
}

} // namespace vestari::cli
