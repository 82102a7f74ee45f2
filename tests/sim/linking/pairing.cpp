#include "tests/sim/linking/pairing.hpp"

#include <openssl/evp.h>

#include "tests/sim/queries/answers.hpp"
#include "tests/sim/session/login.hpp"

namespace vestari::sim {

namespace {

constexpr std::size_t ref_count = 6;
constexpr std::chrono::seconds offer{160}; // 60 s for the first ref, 20 s for each further one
constexpr std::string_view qr_prefix = "https://wa.me/settings/linked_devices#";
constexpr std::string_view ref_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@/+=";

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    while (true) {
        const std::size_t comma = text.find(',');
        parts.emplace_back(text.substr(0, comma));
        if (comma == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(comma + 1);
    }
}

// 32 bytes of standard base64 with padding; empty: anything else.
Bytes key_of_base64(const std::string& text) {
    constexpr std::size_t characters = 44;
    if (text.size() != characters || text.back() != '=') {
        return {};
    }
    Bytes out(characters / 4 * 3);
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                       reinterpret_cast<const unsigned char*>(text.data()),
                                       static_cast<int>(text.size()));
    if (length != static_cast<int>(out.size())) {
        return {};
    }
    out.resize(32);
    return out;
}

Connection* offering(World& world, const std::string& ref) {
    for (const auto& connection : world.connections) {
        if (connection->usable() && std::ranges::count(connection->pairing.refs, ref) != 0) {
            return connection.get();
        }
    }
    return nullptr;
}

} // namespace

void start_pairing(Connection& connection) {
    World& world = connection.world();
    const std::string id = world.random.text(10, "0123456789");
    connection.sight.pair_ids.insert(id);
    Stanza offered = element("pair-device");
    for (std::size_t i = 0; i < ref_count; ++i) {
        connection.pairing.refs.push_back("2@" + world.random.text(80, ref_alphabet));
        offered.children.push_back(with_text("ref", connection.pairing.refs.back()));
    }
    Stanza iq = server_request("set", "md", id);
    iq.children.push_back(std::move(offered));
    connection.send(iq);
    world.note(fmt::format("connection {} offered refs", connection.number()));
    world.agenda.at(world.now + offer, [&world, number = connection.number()] {
        Connection* still = world.connection(number);
        if (still != nullptr && still->usable() && still->stage == Connection::Stage::unlinked &&
            still->pairing.phone == nullptr) {
            still->end(Ending::close);
        }
    });
}

Scanned scan_qr(World& world, std::string_view qr, Person& person) {
    if (qr.starts_with(qr_prefix)) {
        qr.remove_prefix(qr_prefix.size());
    }
    const std::vector<std::string> parts = split(qr);
    // A current phone wants the client's type. Those of other people are older: some peers are as well.
    const bool current = &person == &world.person("owner");
    if (!(parts.size() == 5 && parts[4].size() == 1 && parts[4] != "0") &&
        (current || parts.size() != 4)) {
        return Scanned::bad_text;
    }
    const Bytes noise_key = key_of_base64(parts[1]);
    const Bytes identity = key_of_base64(parts[2]);
    const Bytes adv_secret = key_of_base64(parts[3]);
    if (noise_key.empty() || identity.empty() || adv_secret.empty()) {
        return Scanned::bad_text;
    }
    Connection* connection = offering(world, parts[0]);
    if (connection == nullptr) {
        return Scanned::unknown_ref;
    }
    if (!std::ranges::equal(noise_key, connection->client_key()) ||
        identity != connection->pairing.registration->identity) {
        return Scanned::keys_differ;
    }
    world.note(fmt::format("connection {} scanned", connection->number()));
    sign_and_succeed(*connection, person, adv_secret);
    return Scanned::linking;
}

void sign_and_succeed(Connection& connection, Person& person, BytesView adv_secret) {
    World& world = connection.world();
    Pairing& pairing = connection.pairing;
    pairing.phone = &person;
    pairing.refs.clear();
    pairing.number = ++person.last_number;
    pairing.signed_identity =
        sign_companion(person, pairing.registration->identity, pairing.number, world.seconds());
    pairing.success_id = world.random.text(10, "0123456789");
    connection.sight.own = {.pn = person.pn.with_device(pairing.number),
                            .lid = person.lid.with_device(pairing.number)};
    connection.sight.pair_ids.insert(pairing.success_id);
    connection.belongs_to(person);

    Stanza device = element("device");
    device.with("jid", *connection.sight.own.pn).with("lid", *connection.sight.own.lid);
    Stanza platform = element("platform");
    platform.with("name", "android");
    Stanza content = element("pair-success");
    content.children = {element("device-identity", sealed_for(adv_secret, pairing.signed_identity)),
                        std::move(device), std::move(platform)};
    Stanza iq = server_request("set", "md", pairing.success_id);
    iq.with("t", std::to_string(world.seconds()));
    iq.children.push_back(std::move(content));
    connection.send(iq);
}

void on_pair_success_answer(Connection& connection, const Stanza& answer) {
    World& world = connection.world();
    const Pairing& pairing = connection.pairing;
    const Stanza* sign = child(answer, "pair-device-sign");
    const Stanza* identity = sign == nullptr ? nullptr : child(*sign, "device-identity");
    if (text_of(answer, "type") != "result" || identity == nullptr ||
        number_of(*identity, "key-index") != pairing.number) {
        world.oddities.push_back("pair-success refused: " + to_xml(answer));
        return connection.end(Ending::close);
    }
    const auto complete =
        countersigned(world.signal, *pairing.phone, pairing.registration->identity,
                      pairing.signed_identity, identity->bytes);
    if (!complete) {
        world.oddities.push_back("pair-device-sign does not hold");
        return connection.end(Ending::close);
    }
    auto made = std::make_unique<Companion>();
    made->person = pairing.phone;
    made->number = pairing.number;
    made->noise_key = to_bytes(connection.client_key());
    made->identity = pairing.registration->identity;
    made->registration_id = pairing.registration->registration_id;
    made->signed_key = pairing.registration->signed_key;
    made->signed_identity = *complete;
    world.note(fmt::format("connection {} linked as {}", connection.number(), made->address()));
    pairing.phone->companions.emplace(pairing.number, std::move(made));
    send_stream_error(connection, {.code = "515", .conflict = {}});
}

} // namespace vestari::sim
