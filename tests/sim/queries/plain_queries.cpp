// Queries that a table can answer: upkeep, and what other clients want to know at login.
#include "tests/sim/queries/answers.hpp"
#include "tests/sim/session/delivery.hpp"
#include "tests/sim/session/dispatch.hpp"
#include "tests/sim/session/login.hpp"

namespace vestari::sim {

namespace {

using Answer = void (*)(Connection&, const Stanza& iq, const Stanza& content);

void nothing(Connection& connection, const Stanza& iq, const Stanza&) {
    connection.send(result_of(iq));
}

void active(Connection& connection, const Stanza& iq, const Stanza&) {
    connection.send(result_of(iq));
    on_active(connection);
}

void passive(Connection& connection, const Stanza& iq, const Stanza&) {
    connection.drain.active = false;
    connection.send(result_of(iq));
}

void media_hosts(Connection& connection, const Stanza& iq, const Stanza&) {
    Stanza host = element("host");
    host.with("hostname", "mmg.whatsapp.net").with("type", "primary");
    host.children.push_back(element("download"));
    Stanza content = element("media_conn");
    content.with("auth", "AUTH").with("ttl", "300").with("auth_ttl", "3600");
    content.with("max_buckets", "12");
    content.children.push_back(std::move(host));
    connection.send(result_of(iq, std::move(content)));
}

void unlink(Connection& connection, const Stanza& iq, const Stanza& content) {
    const auto named = jid_of(content, "jid");
    Companion* device = named ? connection.world().companion_of(*named) : nullptr;
    if (device == nullptr || device->person != connection.device->person) {
        return answer_error(connection, iq, 404, "item-not-found");
    }
    device->removed = true;
    connection.send(result_of(iq));
    connection.world().note("unlinked " + device->address());
    if (device->online != nullptr) {
        send_stream_error(*device->online, {.code = "401", .conflict = "device_removed"});
    }
}

void app_state(Connection& connection, const Stanza& iq, const Stanza& content) {
    Stanza sync = element("sync");
    for (const Stanza& wanted : content.children) {
        Stanza collection = element("collection");
        collection.with("name", text_of(wanted, "name"));
        collection.with("version", has(wanted, "version") ? text_of(wanted, "version") : "0");
        sync.children.push_back(std::move(collection));
    }
    connection.send(result_of(iq, std::move(sync)));
}

template <const auto& Tag>
void empty_content(Connection& connection, const Stanza& iq, const Stanza&) {
    connection.send(result_of(iq, element(Tag)));
}
constexpr std::string_view props = "props", list = "list", privacy = "privacy";

void no_picture(Connection& connection, const Stanza& iq, const Stanza&) {
    answer_error(connection, iq, 404, "item-not-found");
}

struct Row {
    std::string_view xmlns, content; // tag of the first child, or * for any or none
    Answer answer;
};

constexpr std::array rows{
    Row{"w:p", "*", nothing},
    Row{"urn:xmpp:ping", "*", nothing},
    Row{"passive", "active", active},
    Row{"passive", "passive", passive},
    Row{"urn:xmpp:whatsapp:dirty", "clean", nothing},
    Row{"urn:xmpp:whatsapp:push", "*", nothing},
    Row{"w:m", "media_conn", media_hosts},
    Row{"md", "remove-companion-device", unlink},
    Row{"w:sync:app:state", "sync", app_state},
    Row{"w", "*", empty_content<props>},
    Row{"abt", "*", empty_content<props>},
    Row{"blocklist", "*", empty_content<list>},
    Row{"privacy", "privacy", empty_content<privacy>},
    Row{"privacy", "tokens", nothing},
    Row{"w:profile:picture", "*", no_picture},
    Row{"w:biz", "*", nothing},
    Row{"status", "*", nothing},
    Row{"tos", "*", nothing},
    Row{"disappearing_mode", "*", nothing},
};

} // namespace

bool answer_plain_query(Connection& connection, const Stanza& iq) {
    static const Stanza none = element("none");
    const Stanza& content = iq.children.empty() ? none : iq.children.front();
    const std::string xmlns = text_of(iq, "xmlns");
    for (const Row& row : rows) {
        if (row.xmlns == xmlns && (row.content == "*" || row.content == content.tag)) {
            row.answer(connection, iq, content);
            return true;
        }
    }
    return false;
}

} // namespace vestari::sim
