#include "tests/sim/session/login.hpp"

#include "tests/sim/base/fields.hpp"
#include "tests/sim/linking/pairing.hpp"
#include "tests/sim/session/delivery.hpp"

namespace vestari::sim {

namespace {

std::uint32_t revision_in(const Fields& payload) {
    return static_cast<std::uint32_t>(payload.inside(5).inside(2).number(3).value_or(0));
}

Stanza success(Connection& connection) {
    Stanza stanza = element("success");
    stanza.with("t", std::to_string(connection.world().seconds()))
        .with("lid", connection.device->lid())
        .with("props", "29")
        .with("location", "sim")
        .with("creation", std::to_string(connection.device->person->joined));
    return stanza;
}

Stanza edge_routing() {
    Stanza info = element("edge_routing");
    info.children.push_back(element("routing_info", Bytes(8, std::byte{0x2a})));
    Stanza stanza = element("ib");
    stanza.children.push_back(std::move(info));
    return stanza;
}

Stanza offline_preview(const Drain& drain) {
    const std::string count = std::to_string(drain.counted);
    Stanza preview = element("offline_preview");
    preview.with("appdata", "0").with("message", count).with("notification", "0");
    preview.with("receipt", "0").with("count", count);
    Stanza stanza = element("ib");
    stanza.children.push_back(std::move(preview));
    return stanza;
}

void ping_later(World& world, std::uint64_t number) {
    if (world.options.ping_interval.count() == 0) {
        return;
    }
    world.agenda.at(world.now + world.options.ping_interval, [&world, number] {
        Connection* connection = world.connection(number);
        if (connection == nullptr || !connection->usable()) {
            return;
        }
        Stanza ping = element("iq");
        ping.with("from", server_jid()).with("type", "get").with("xmlns", "urn:xmpp:ping");
        if (world.random.below(2) == 0) {
            const std::string id = world.random.text(8, "0123456789");
            connection->sight.ping_ids.insert(id);
            connection->unanswered_pings.insert(id);
            ping.with("id", id);
        } else {
            connection->sight.bare_pings = true;
        }
        connection->send(ping);
        ping_later(world, number);
    });
}

// Whom the payload names; null: no such device, or with another key.
Companion* known_device(Connection& connection, const Fields& payload) {
    const std::string user = std::to_string(payload.number(1).value_or(0));
    const auto number = static_cast<std::uint16_t>(payload.number(18).value_or(0));
    Result<Jid> named = Jid::make(user, server::phone, number);
    Companion* device = named ? connection.world().companion_of(*named) : nullptr;
    const bool same_key =
        device != nullptr && std::ranges::equal(device->noise_key, connection.client_key());
    return same_key ? device : nullptr;
}

void log_in(Connection& connection, Companion& device) {
    World& world = connection.world();
    if (device.online != nullptr) {
        send_stream_error(*device.online, {.code = {}, .conflict = "replaced"});
    }
    connection.device = &device;
    connection.sight.own = {.pn = device.pn(), .lid = device.lid()};
    connection.belongs_to(*device.person);
    connection.stage = Connection::Stage::logged_in;
    device.online = &connection;
    ++device.logins;
    device.warned_of_few_keys = false;
    if (world.faults.fires(Fault::redelivery)) {
        device.mailbox.revive();
    }
    if (world.faults.fires(Fault::pre_keys_gone)) {
        device.one_time_keys.clear();
    }
    connection.drain.last = device.mailbox.newest();
    connection.drain.counted = device.mailbox.size();
    world.note(fmt::format("connection {} logged in as {}, {} queued", connection.number(),
                           device.address(), device.mailbox.size()));
    connection.send(success(connection));
    connection.send(edge_routing());
    connection.send(offline_preview(connection.drain));
    ping_later(world, connection.number());
    after_login_faults(connection);
}

} // namespace

void on_client_payload(Connection& connection, BytesView bytes) {
    World& world = connection.world();
    const Fields payload{bytes};
    if (revision_in(payload) < world.options.oldest_revision) {
        return fail_login(connection, {.reason = "405", .code = {}, .expire = {}, .times = 1});
    }
    if (!world.failures.empty()) {
        LoginFailure failure = world.failures.front();
        if (--world.failures.front().times == 0) {
            world.failures.erase(world.failures.begin());
        }
        return fail_login(connection, failure);
    }
    if (world.faults.fires(Fault::login_unavailable)) {
        return fail_login(connection, {.reason = "503", .code = {}, .expire = {}, .times = 1});
    }
    if (std::optional<Registration> wanted = registration_in(bytes)) {
        connection.pairing.registration = std::move(wanted);
        return start_pairing(connection);
    }
    Companion* device = known_device(connection, payload);
    if (device == nullptr) {
        return fail_login(connection, {.reason = "401", .code = {}, .expire = {}, .times = 1});
    }
    log_in(connection, *device);
}

void leave(Connection& connection) {
    if (connection.device != nullptr && connection.device->online == &connection) {
        connection.device->online = nullptr;
    }
}

void fail_login(Connection& connection, const LoginFailure& failure) {
    Stanza stanza = element("failure");
    stanza.with("reason", failure.reason).with("location", "sim");
    if (!failure.code.empty()) {
        stanza.with("code", failure.code);
    }
    if (!failure.expire.empty()) {
        stanza.with("expire", failure.expire);
    }
    connection.world().note(
        fmt::format("connection {} failure {}", connection.number(), failure.reason));
    connection.send(stanza);
    connection.end(Ending::close);
}

void send_stream_error(Connection& connection, const StreamError& error) {
    Stanza stanza = element("stream:error");
    if (!error.code.empty()) {
        stanza.with("code", error.code);
    }
    if (!error.conflict.empty()) {
        Stanza conflict = element("conflict");
        conflict.with("type", error.conflict);
        stanza.children.push_back(std::move(conflict));
    }
    connection.world().note(fmt::format("connection {} stream error {} {}", connection.number(),
                                        error.code, error.conflict));
    connection.send(stanza);
    connection.end(Ending::close);
}

} // namespace vestari::sim
