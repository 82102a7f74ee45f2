#include "tests/sim/groups/relay.hpp"

#include "tests/sim/session/delivery.hpp"

namespace vestari::sim {

namespace {

constexpr std::array kept_attributes{"id", "type", "edit", "category"};
constexpr std::array for_server_only{"participants", "device-identity"};

bool is_own_jid(const Jid& named, const Companion& device) {
    return named == device.pn() || named == device.lid();
}

// What `to` gets of the message: its own part of the fan-out, then what is for everybody.
std::vector<Stanza> parts_for(const Stanza& message, const Companion& to) {
    std::vector<Stanza> parts;
    bool first_contact = false;
    if (const Stanza* fan_out = child(message, "participants")) {
        for (const Stanza& one : fan_out->children) {
            const auto named = jid_of(one, "jid");
            if (named && is_own_jid(*named, to)) {
                parts = one.children;
            }
        }
    }
    for (const Stanza& part : parts) {
        first_contact = first_contact || text_of(part, "type") == "pkmsg";
    }
    for (const Stanza& common : message.children) {
        if (std::ranges::count(for_server_only, common.tag) == 0) {
            parts.push_back(common);
            first_contact = first_contact || text_of(common, "type") == "pkmsg";
        }
    }
    if (const Stanza* identity = child(message, "device-identity"); identity && first_contact) {
        parts.push_back(*identity);
    }
    return parts;
}

Stanza header(World& world, const Companion& author, const Stanza& message) {
    Stanza out = element("message");
    for (const std::string_view key : kept_attributes) {
        if (has(message, key)) {
            out.with(std::string{key}, text_of(message, key));
        }
    }
    out.with("t", std::to_string(world.seconds())).with("notify", author.person->name);
    return out;
}

void to_group(World& world, const Companion& author, const Stanza& message, const Group& group) {
    const auto only = jid_of(message, "participant"); // a resend
    for (Person* member : group.members) {
        for (const auto& [number, device] : member->companions) {
            if (device.get() == &author || (only && !is_own_jid(*only, *device))) {
                continue;
            }
            Stanza out = header(world, author, message);
            const bool lid = group.addressing == Addressing::lid;
            out.with("from", group.jid)
                .with("participant", lid ? author.lid() : author.pn())
                .with(lid ? "participant_pn" : "participant_lid",
                      lid ? author.person->pn : author.person->lid)
                .with("addressing_mode", lid ? "lid" : "pn");
            out.children = parts_for(message, *device);
            if (child(out, "enc") != nullptr) {
                deliver(world, *device, std::move(out));
            }
        }
    }
}

void to_person(World& world, Companion& author, const Stanza& message, const Jid& to) {
    Person* other = world.person_of(to);
    const bool lid = to.family() == Jid::Family::lid;
    world.relayed[key_of("direct", text_of(message, "id"))] = &author;
    for (Person* person : {other, author.person}) {
        if (person == nullptr || (person == author.person && other == author.person)) {
            continue;
        }
        for (const auto& [number, device] : person->companions) {
            if (device.get() == &author) {
                continue;
            }
            Stanza out = header(world, author, message);
            out.with("from", lid ? author.lid() : author.pn());
            if (person == author.person) {
                out.with("recipient", to.bare());
            } else {
                out.with(lid ? "sender_pn" : "sender_lid",
                         lid ? author.person->pn : author.person->lid);
            }
            out.children = parts_for(message, *device);
            if (child(out, "enc") != nullptr) {
                deliver(world, *device, std::move(out));
            }
        }
    }
}

} // namespace

void relay(Connection& from, const Stanza& message) {
    World& world = from.world();
    const auto to = jid_of(message, "to");
    const std::string id = text_of(message, "id");
    Stanza ack = element("ack");
    ack.with("class", "message")
        .with("id", id)
        .with("from", to.value_or(server_jid()))
        .with("t", std::to_string(world.seconds()));
    from.send(ack);
    if (!to) {
        return;
    }
    const auto group = world.groups.find(to->to_string());
    if (group != world.groups.end()) {
        world.relayed[key_of(group->first, id)] = from.device;
        to_group(world, *from.device, message, group->second);
    } else {
        to_person(world, *from.device, message, *to);
    }
}

} // namespace vestari::sim
