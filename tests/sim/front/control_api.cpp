#include "tests/sim/front/control_api.hpp"

#include <boost/json.hpp>

namespace vestari::sim {

namespace {

namespace json = boost::json;

std::string text(const json::object& body, std::string_view key, std::string_view otherwise = {}) {
    const json::value* found = body.if_contains(key);
    if (found == nullptr || found->is_null()) {
        return std::string{otherwise};
    }
    return found->is_string() ? std::string{found->as_string()} : json::serialize(*found);
}

std::uint32_t number(const json::object& body, std::string_view key, std::uint32_t otherwise) {
    const json::value* found = body.if_contains(key);
    return found == nullptr ? otherwise : found->to_number<std::uint32_t>();
}

std::vector<std::string> texts(const json::object& body, std::string_view key) {
    std::vector<std::string> out;
    if (const json::value* found = body.if_contains(key)) {
        for (const json::value& one : found->as_array()) {
            out.emplace_back(one.as_string());
        }
    }
    return out;
}

json::array listed(const std::vector<std::string>& texts) {
    json::array out;
    for (const std::string& one : texts) {
        out.emplace_back(one);
    }
    return out;
}

Addressing addressing_named(std::string_view name) {
    if (name != "lid" && name != "pn") {
        throw std::invalid_argument{"addressing is lid or pn"};
    }
    return name == "lid" ? Addressing::lid : Addressing::pn;
}

constexpr std::array kinds{"text", "image", "edit", "revoke", "reaction", "unavailable"};

PostKind kind_named(std::string_view name) {
    const auto found = std::ranges::find(kinds, name);
    if (found == kinds.end()) {
        throw std::invalid_argument{"no such kind of message"};
    }
    return static_cast<PostKind>(found - kinds.begin());
}

json::value scan(Service& service, const json::object& body) {
    constexpr std::array names{"linking", "bad_text", "unknown_ref", "keys_differ"};
    const Scanned scanned = service.scan(text(body, "qr"), text(body, "person", "owner"));
    return {{"ok", scanned == Scanned::linking},
            {"result", names[static_cast<std::size_t>(scanned)]}};
}

json::value enter_code(Service& service, const json::object& body) {
    return {{"ok", service.enter_code(text(body, "phone"), text(body, "code"))}};
}

json::value persons(Service& service, const json::object&) {
    json::array out;
    for (const PersonView& person : service.people()) {
        out.push_back({{"name", person.name}, {"pn", person.pn}, {"lid", person.lid}});
    }
    return out;
}

json::value add_person(Service& service, const json::object& body) {
    service.add_person(text(body, "name"));
    if (text(body, "ours") == "true") {
        service.judge(text(body, "name"));
    }
    return persons(service, body);
}

json::value devices(Service& service, const json::object&) {
    json::array out;
    for (const LinkedDevice& device : service.devices()) {
        out.push_back({{"person", device.person},
                       {"pn", device.pn},
                       {"lid", device.lid},
                       {"online", device.online},
                       {"active", device.active},
                       {"pre_keys", device.pre_keys},
                       {"logins", device.logins},
                       {"histories_handled", device.histories_handled}});
    }
    return out;
}

json::value add_group(Service& service, const json::object& body) {
    const std::string jid =
        service.add_group({.name = text(body, "name", "Group"),
                           .members = texts(body, "members"),
                           .addressing = addressing_named(text(body, "addressing", "lid"))});
    if (text(body, "tell") == "true") {
        service.tell_of_group(jid);
    }
    return {{"jid", jid}};
}

json::value groups(Service& service, const json::object&) {
    json::array out;
    for (const GroupView& group : service.groups()) {
        out.push_back({{"jid", group.jid},
                       {"name", group.name},
                       {"members", listed(group.members)},
                       {"addressing", group.addressing == Addressing::lid ? "lid" : "pn"}});
    }
    return out;
}

json::value post(Service& service, const json::object& body) {
    return {{"ids", listed(service.post({.chat = text(body, "group", text(body, "chat")),
                                         .member = text(body, "member"),
                                         .kind = kind_named(text(body, "kind", "text")),
                                         .text = text(body, "text"),
                                         .target = text(body, "target"),
                                         .count = number(body, "count", 1)}))}};
}

json::value posted(Service& service, const json::object&) {
    json::array out;
    for (const Posted& one : service.posted()) {
        out.push_back({{"chat", one.chat},
                       {"id", one.id},
                       {"sender_pn", one.sender_pn},
                       {"sender_lid", one.sender_lid},
                       {"kind", kinds[static_cast<std::size_t>(one.kind)]},
                       {"text", one.text},
                       {"target", one.target},
                       {"t", one.at.time_since_epoch().count() / 1000}});
    }
    return out;
}

json::value history(Service& service, const json::object& body) {
    return {{"id", service.send_history({.group = text(body, "group"),
                                         .texts = texts(body, "texts"),
                                         .media_host = text(body, "inline") != "true"})}};
}

json::value remove_device(Service& service, const json::object& body) {
    service.remove_device(text(body, "person", "owner"));
    return json::object{};
}

json::value disconnect(Service& service, const json::object&) {
    service.disconnect();
    return json::object{};
}

json::value stream_error(Service& service, const json::object& body) {
    service.stream_error({.code = text(body, "code"), .conflict = text(body, "conflict")});
    return json::object{};
}

json::value failure(Service& service, const json::object& body) {
    service.fail_next_login({.reason = text(body, "reason", "401"),
                             .code = text(body, "code"),
                             .expire = text(body, "expire"),
                             .times = number(body, "times", 1)});
    return json::object{};
}

Fault fault(std::string_view name) {
    const auto found = fault_named(name);
    if (!found) {
        throw std::invalid_argument{"no such fault"};
    }
    return *found;
}

json::value faults(Service& service, const json::object&) {
    json::object fired;
    for (std::size_t i = 0; i < fault_kinds; ++i) {
        const auto kind = static_cast<Fault>(i);
        fired[name_of(kind)] = service.faults().fired(kind);
    }
    return {{"fired", std::move(fired)}};
}

json::value set_faults(Service& service, const json::object& body) {
    if (text(body, "calm") == "true") {
        service.faults().calm();
    }
    if (const json::value* armed = body.if_contains("arm")) {
        for (const auto& [name, times] : armed->as_object()) {
            service.faults().arm(fault(name), times.to_number<std::uint32_t>());
        }
        service.strike_now();
    }
    if (const json::value* chances = body.if_contains("per_mille")) {
        for (const auto& [name, chance] : chances->as_object()) {
            service.faults().set_chance(fault(name), chance.to_number<std::uint32_t>());
        }
    }
    return faults(service, body);
}

json::value queue(Service& service, const json::object&) {
    const QueueCounts counts = service.queue();
    return {{"undelivered", counts.undelivered}, {"uncleared", counts.uncleared}};
}

json::value referee(Service& service, const json::object&) {
    const Report report = service.referee();
    json::array violations;
    for (const Violation& violation : report.violations) {
        violations.push_back({{"why", violation.why}, {"stanza", violation.stanza}});
    }
    json::object shapes;
    for (const auto& [name, count] : report.shapes) {
        shapes[name] = count;
    }
    return {{"handshakes", report.handshakes}, {"stanzas", report.stanzas},
            {"shapes", std::move(shapes)},     {"violations", std::move(violations)},
            {"more", report.more_violations},  {"waiting", report.waiting},
            {"others", report.others}};
}

json::value oddities(Service& service, const json::object&) { return listed(service.oddities()); }

json::value log(Service& service, const json::object&) {
    return {{"hash", service.log_hash()}, {"lines", listed(service.log())}};
}

struct Route {
    std::string_view method, path;
    json::value (*handle)(Service&, const json::object&);
    std::string_view help;
};

constexpr std::array routes{
    Route{"POST", "/scan", scan, R"({"qr","person":"owner"}: the person's phone scans)"},
    Route{"POST", "/enter-code", enter_code, R"({"phone","code"}: types a pairing code)"},
    Route{"GET", "/persons", persons, "everybody: name, pn, lid"},
    Route{"POST", "/persons", add_person,
          R"({"name","ours":false}: the referee judges the clients of ours)"},
    Route{"GET", "/devices", devices, "linked clients"},
    Route{"POST", "/remove-device", remove_device, R"({"person"}: unlinks all, on the phone)"},
    Route{"POST", "/groups", add_group,
          R"({"name","members":[],"addressing":"lid|pn","tell":false}: its jid)"},
    Route{"GET", "/groups", groups, ""},
    Route{
        "POST", "/post", post,
        R"({"group":"JID|direct","member","text","count","kind":"text|image|edit|revoke|reaction|unavailable","target"})"},
    Route{"GET", "/posted", posted, "everything posted by simulated people"},
    Route{"POST", "/history", history, R"({"group","texts":[],"inline":false}: from the phone)"},
    Route{"POST", "/disconnect", disconnect, "every client, without a word"},
    Route{"POST", "/stream-error", stream_error, R"({"code","conflict"})"},
    Route{"POST", "/failure", failure, R"({"reason","code","expire","times"}: of the next logins)"},
    Route{"GET", "/faults", faults, "how often each fired"},
    Route{"POST", "/faults", set_faults,
          R"({"arm":{"KIND":times},"per_mille":{"KIND":chance},"calm":true})"},
    Route{"GET", "/queue", queue, "of the owner's clients"},
    Route{"GET", "/referee", referee, "what the owner's clients sent"},
    Route{"GET", "/oddities", oddities, "queries that were not understood, and refusals"},
    Route{"GET", "/log", log, "the event log and its hash"},
};

ControlAnswer refused(unsigned status, std::string_view why) {
    return {status, json::serialize(json::object{{"error", why}})};
}

} // namespace

ControlAnswer answer(Service& service, const ControlRequest& request) {
    const std::string_view path =
        std::string_view{request.target}.substr(0, request.target.find('?'));
    for (const Route& route : routes) {
        if (route.path != path || route.method != request.method) {
            continue;
        }
        try {
            const json::value body =
                request.body.empty() ? json::value(json::object{}) : json::parse(request.body);
            return {200, json::serialize(route.handle(service, body.as_object()))};
        } catch (const std::exception& error) {
            return refused(400, error.what());
        }
    }
    return refused(404, "no such route");
}

std::string control_help() {
    std::string out = "Control (HTTP, JSON):\n";
    for (const Route& route : routes) {
        out += fmt::format("  {:4} {:15} {}\n", route.method, route.path, route.help);
    }
    out += "Kinds of faults:";
    for (std::size_t i = 0; i < fault_kinds; ++i) {
        out += fmt::format(" {}", name_of(static_cast<Fault>(i)));
    }
    return out + "\n";
}

} // namespace vestari::sim
