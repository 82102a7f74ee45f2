#include "tests/sim/session/delivery.hpp"

#include "tests/sim/groups/posting.hpp"
#include "tests/sim/queries/answers.hpp"
#include "tests/sim/session/login.hpp"
#include "tests/sim/session/strike.hpp"

namespace vestari::sim {

namespace {

void send_queue_end(Connection& connection) {
    connection.drain.done = true;
    Stanza offline = element("offline");
    offline.with("count", std::to_string(connection.drain.counted));
    Stanza stanza = element("ib");
    stanza.children.push_back(std::move(offline));
    connection.send(stanza);
    connection.world().note(fmt::format("connection {} queue delivered", connection.number()));
}

void send_parcel(Connection& connection, Parcel& parcel) {
    World& world = connection.world();
    Stanza stanza = parcel.stanza;
    if (parcel.number <= connection.drain.last) {
        set(stanza, "offline", "1");
    }
    world.note(fmt::format("connection {} gets {} {}", connection.number(), stanza.tag,
                           text_of(stanza, "id")));
    connection.device->mailbox.delivered(parcel, connection.number(), world.now);
    connection.send(stanza);
    if (world.faults.fires(Fault::duplicate)) {
        connection.send(stanza);
    }
}

void acknowledge_receipt(Connection& connection, const Stanza& receipt) {
    Stanza ack = element("ack");
    ack.with("class", "receipt").with("id", text_of(receipt, "id"));
    for (const auto& [key, value] : receipt.attributes) {
        if (key == "to") {
            set(ack, "from", value);
        } else if (key == "type" || key == "participant") {
            set(ack, key, value);
        }
    }
    connection.send(ack);
}

// To the linked client that wrote the message.
void forward(World& world, const Companion& from, Companion& author, const Stanza& receipt) {
    const std::string to = text_of(receipt, "to");
    Stanza forwarded = receipt;
    drop(forwarded, "to");
    drop(forwarded, "participant");
    const auto group = world.groups.find(to);
    if (group != world.groups.end()) {
        set(forwarded, "from", group->second.jid);
        set(forwarded, "participant", group->second.jid_of(*from.person).with_device(from.number));
    } else {
        set(forwarded, "from", to.ends_with("@lid") ? from.lid() : from.pn());
    }
    set(forwarded, "t", std::to_string(world.seconds()));
    deliver(world, author, std::move(forwarded));
}

} // namespace

void deliver(World& world, Companion& device, Stanza stanza) {
    if (device.removed) {
        return;
    }
    device.mailbox.put(std::move(stanza));
    if (device.online != nullptr) {
        // Not at once: a reader of the mailbox may be above us.
        world.agenda.at(world.now, [&world, &device] {
            if (device.online != nullptr) {
                pump(*device.online);
            }
        });
    }
}

void pump(Connection& connection) {
    World& world = connection.world();
    Drain& drain = connection.drain;
    while (connection.usable() && drain.active) {
        Mailbox& mailbox = connection.device->mailbox;
        const Parcel* next = mailbox.next(connection.number());
        const bool queued = next != nullptr && next->number <= drain.last;
        if (!queued && !drain.done) {
            send_queue_end(connection);
        }
        if (next == nullptr) {
            return;
        }
        if (queued && world.options.waits_for_batches) {
            if (drain.allowed == 0) {
                return;
            }
            --drain.allowed;
        }
        if (world.faults.fires(Fault::reorder)) {
            mailbox.reorder(connection.number());
        }
        send_parcel(connection, *mailbox.next(connection.number()));
        strike(connection);
    }
}

void on_active(Connection& connection) {
    connection.drain.active = true;
    pump(connection);
    if (connection.device != nullptr) {
        warn_of_few_keys(connection.world(), *connection.device);
    }
}

void on_offline_batch(Connection& connection, std::size_t count) {
    connection.drain.allowed += count;
    pump(connection);
}

void on_ack(Connection& connection, const Stanza& ack) {
    World& world = connection.world();
    Mailbox& box =
        connection.device != nullptr ? connection.device->mailbox : connection.before_link;
    const auto cleared = box.ack(ack, world.options.plain_acks_clear);
    world.note(fmt::format("connection {} acks {} {}{}", connection.number(), text_of(ack, "class"),
                           text_of(ack, "id"),
                           cleared == Mailbox::Cleared::yes ? "" : " without effect"));
}

void on_receipt(Connection& connection, const Stanza& receipt) {
    World& world = connection.world();
    Companion& device = *connection.device;
    const std::string type = text_of(receipt, "type");
    const std::string to = text_of(receipt, "to");
    const std::string id = text_of(receipt, "id");
    world.note(fmt::format("connection {} receipts {} {}", connection.number(), type, id));
    device.mailbox.receipt(receipt);
    acknowledge_receipt(connection, receipt);
    if (type == "hist_sync") {
        ++device.histories_handled;
        return;
    }
    if (type == "peer_msg" || type == "server-error") {
        return;
    }
    if (const Sent* sent = type == "retry" ? find_sent(world, to, id) : nullptr) {
        return resend(world, *sent, device, receipt);
    }
    auto author = world.relayed.find(key_of(to, id));
    if (author == world.relayed.end()) {
        author = world.relayed.find(key_of("direct", id));
    }
    if (author != world.relayed.end() && author->second != &device) {
        forward(world, device, *author->second, receipt);
    }
}

void warn_of_few_keys(World& world, Companion& device) {
    if (device.one_time_keys.size() >= world.options.low_pre_keys || device.logins == 0 ||
        std::exchange(device.warned_of_few_keys, true)) {
        return;
    }
    Stanza count = element("count");
    count.with("value", std::to_string(device.one_time_keys.size()));
    Stanza notification = element("notification");
    notification.with("from", server_jid())
        .with("type", "encrypt")
        .with("id", world.random.text(10, "0123456789"))
        .with("t", std::to_string(world.seconds()));
    notification.children.push_back(std::move(count));
    deliver(world, device, std::move(notification));
}

void check_overdue(World& world) {
    if (world.options.ack_deadline.count() == 0) {
        return;
    }
    for (const auto& connection : world.connections) {
        if (connection->device == nullptr || !connection->usable()) {
            continue;
        }
        const Parcel* late =
            connection->device->mailbox.overdue(world.now - world.options.ack_deadline);
        if (late == nullptr || late->connection != connection->number()) {
            continue;
        }
        Stanza ack = element("ack");
        ack.with("class", late->stanza.tag).with("id", text_of(late->stanza, "id"));
        if (has(late->stanza, "type")) {
            ack.with("type", text_of(late->stanza, "type"));
        }
        Stanza error = element("stream:error");
        error.children.push_back(std::move(ack));
        connection->send(error);
        connection->end(Ending::close);
    }
}

} // namespace vestari::sim
