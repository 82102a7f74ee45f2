// usync: who is on the service, with which LID and which devices. Asked by clients that write.
#include "tests/sim/queries/answers.hpp"
#include "tests/sim/session/dispatch.hpp"
#include "tests/synth/message/protobuf_writer.hpp"

namespace vestari::sim {

namespace {

// The phone's signed list of its clients' key indexes.
Stanza key_index_list(const World& world, const Person& person) {
    synth::ProtobufWriter details;
    details.varint(1, 2'718'281).varint(2, world.seconds()).varint(3, person.last_number);
    for (const auto& [number, device] : person.companions) {
        details.varint(4, number);
    }
    const Bytes list = synth::ProtobufWriter{}
                           .bytes(1, details.done())
                           .bytes(2, person.phone->sign(details.done()))
                           .done();
    Stanza out = element("key-index-list", list);
    out.with("ts", std::to_string(world.seconds()));
    return out;
}

Stanza device_element(std::uint16_t number) {
    Stanza out = element("device");
    out.with("id", std::to_string(number));
    if (number != 0) {
        out.with("key-index", std::to_string(number));
    }
    return out;
}

Stanza devices_element(const World& world, const Person& person) {
    Stanza list = element("device-list");
    list.children.push_back(device_element(0));
    if (person.device != 0) {
        list.children.push_back(device_element(person.device));
    }
    for (const auto& [number, device] : person.companions) {
        if (!device->removed) {
            list.children.push_back(device_element(number));
        }
    }
    Stanza out = element("devices");
    out.children = {std::move(list), key_index_list(world, person)};
    return out;
}

Stanza contact_element(const Person* person) {
    Stanza out = element("contact");
    out.with("type", person == nullptr ? "out" : "in");
    return out;
}

// Whom an entry of the query means: by JID, or by the phone number in its <contact>.
Person* meant(World& world, const Stanza& user) {
    if (const auto named = jid_of(user, "jid")) {
        return world.person_of(*named);
    }
    const Stanza* contact = child(user, "contact");
    std::string digits = contact == nullptr ? std::string{} : to_string(contact->bytes);
    std::erase(digits, '+');
    Result<Jid> named = Jid::make(digits, server::phone);
    return named && !digits.empty() ? world.person_of(*named) : nullptr;
}

Stanza user_element(World& world, const Stanza& user, const Stanza& protocols) {
    const Person* person = meant(world, user);
    Stanza out = element("user");
    if (const auto named = jid_of(user, "jid")) {
        out.with("jid", named->bare());
    } else if (person != nullptr) {
        out.with("jid", person->pn);
    }
    for (const Stanza& protocol : protocols.children) {
        if (protocol.tag == "contact") {
            out.children.push_back(contact_element(person));
        } else if (person == nullptr) {
            continue;
        } else if (protocol.tag == "devices") {
            out.children.push_back(devices_element(world, *person));
        } else if (protocol.tag == "lid") {
            Stanza lid = element("lid");
            lid.with("val", person->lid);
            out.children.push_back(std::move(lid));
        }
    }
    return out;
}

} // namespace

bool answer_user_query(Connection& connection, const Stanza& iq) {
    const Stanza* usync = text_of(iq, "xmlns") == "usync" ? child(iq, "usync") : nullptr;
    const Stanza* protocols = usync == nullptr ? nullptr : child(*usync, "query");
    const Stanza* users = usync == nullptr ? nullptr : child(*usync, "list");
    if (protocols == nullptr || users == nullptr) {
        return false;
    }
    Stanza list = element("list");
    for (const Stanza& user : users->children) {
        list.children.push_back(user_element(connection.world(), user, *protocols));
    }
    Stanza result = element("result");
    for (const Stanza& protocol : protocols->children) {
        result.children.push_back(element(protocol.tag));
    }
    Stanza answer = element("usync");
    answer.with("context", text_of(*usync, "context"))
        .with("mode", text_of(*usync, "mode"))
        .with("sid", text_of(*usync, "sid"))
        .with("index", "0")
        .with("last", "true");
    answer.children = {std::move(result), std::move(list)};
    connection.send(result_of(iq, std::move(answer)));
    return true;
}

} // namespace vestari::sim
