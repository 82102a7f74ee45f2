#include "tests/sim/groups/posting.hpp"

#include <stdexcept>

#include "tests/sim/session/delivery.hpp"
#include "tests/synth/message/content.hpp"

namespace vestari::sim {

namespace {

namespace content = synth::content;

constexpr std::size_t photo_bytes = 3000;

Bytes padded(World& world, const Bytes& message) {
    return content::pad(message, 1 + world.random.below(15));
}

Stanza enc(std::string_view type, Bytes ciphertext) {
    Stanza out = element("enc", std::move(ciphertext));
    out.with("v", "2").with("type", std::string{type});
    return out;
}

Bytes key_message(Handset& phone, const std::string& group) {
    return content::distribution(group, phone.distribution(group));
}

Stanza header(const Group& group, const Sent& sent) {
    const Person& sender = *sent.sender;
    const bool lid = group.addressing == Addressing::lid;
    Stanza out = element("message");
    out.with("from", group.jid)
        .with("participant", group.jid_of(sender).with_device(sender.device))
        .with("id", sent.id)
        .with("t", std::to_string(sent.seconds))
        .with("type", sent.type)
        .with("notify", sender.name)
        .with(lid ? "participant_pn" : "participant_lid", lid ? sender.pn : sender.lid)
        .with("addressing_mode", lid ? "lid" : "pn");
    if (!sent.edit.empty()) {
        out.with("edit", sent.edit);
    }
    return out;
}

Stanza direct_header(const Sent& sent, const Companion& to) {
    const Person& sender = *sent.sender;
    Stanza out = element("message");
    out.with("from", sender.pn.with_device(sender.device))
        .with("id", sent.id)
        .with("t", std::to_string(sent.seconds))
        .with("type", sent.type)
        .with("notify", sender.name);
    if (to.person == &sender) {
        out.with("category", "peer");
    } else {
        out.with("sender_lid", sender.lid);
    }
    return out;
}

void send_to_group(World& world, const Group& group, const Sent& sent) {
    Handset& phone = *sent.sender->phone;
    const std::string name = group.jid.to_string();
    // The chain as it is before this message, and one ciphertext for all.
    const Bytes key = key_message(phone, name);
    const Bytes sealed = phone.group(name, padded(world, sent.content));
    for (Person* member : group.members) {
        for (const auto& [number, device] : member->companions) {
            Stanza message = header(group, sent);
            if (phone.keyed(name).insert(device->address()).second) {
                message.children.push_back(sealed_for(world, *sent.sender, *device, key));
            }
            message.children.push_back(enc("skmsg", sealed));
            deliver(world, *device, std::move(message));
        }
    }
}

void send_unavailable(World& world, const Group& group, const Sent& sent) {
    for (Person* member : group.members) {
        for (const auto& [number, device] : member->companions) {
            Stanza message = header(group, sent);
            Stanza none = element("unavailable");
            none.with("type", "view_once");
            message.children.push_back(std::move(none));
            deliver(world, *device, std::move(message));
        }
    }
}

void send_direct(World& world, const Sent& sent, Person& to) {
    for (const auto& [number, device] : to.companions) {
        Stanza message = direct_header(sent, *device);
        message.children.push_back(sealed_for(world, *sent.sender, *device, sent.content));
        deliver(world, *device, std::move(message));
    }
}

Bytes photo(World& world, std::string_view caption) {
    Bytes file = *from_hex("ffd8ffe000104a46494600010100000100010000");
    append(file, world.random.bytes(photo_bytes));
    append(file, *from_hex("ffd9"));
    const StoredFile stored = store_file(world, file, "WhatsApp Image Keys");
    return content::image({.direct_path = stored.path,
                           .mime_type = "image/jpeg",
                           .media_key = stored.media_key,
                           .file_hash = stored.file_hash,
                           .encrypted_hash = stored.encrypted_hash,
                           .length = stored.length},
                          caption);
}

// The message's content, and what its attributes say of it.
void fill(World& world, Sent& sent, const PostOrder& order, const std::string& text) {
    const auto now = world.wall().time_since_epoch().count();
    switch (order.kind) {
    case PostKind::text:
        sent.content = content::with_secret(content::text(text), world.random.bytes(32));
        break;
    case PostKind::image:
        sent.type = "media";
        sent.content = photo(world, text);
        break;
    case PostKind::edit:
        sent.edit = "1";
        sent.content = content::edit(order.target, content::text(text), now);
        break;
    case PostKind::revoke:
        sent.edit = "7";
        sent.content = content::revoke(order.target);
        break;
    case PostKind::reaction:
        sent.type = "reaction";
        sent.content = content::reaction(order.target, text.empty() ? "+" : text);
        break;
    case PostKind::unavailable: break;
    }
}

std::string post_one(World& world, const PostOrder& order, const std::string& text) {
    Sent sent;
    const bool direct = order.chat == "direct";
    sent.sender = &world.person(order.member.empty() ? "stranger" : order.member);
    sent.chat = order.chat;
    sent.id = world.message_id();
    sent.seconds = world.seconds();
    fill(world, sent, order, text);
    world.posted.push_back({.chat = direct ? sent.sender->pn.to_string() : order.chat,
                            .id = sent.id,
                            .sender_pn = sent.sender->pn.to_string(),
                            .sender_lid = sent.sender->lid.to_string(),
                            .text = text,
                            .target = order.target,
                            .kind = order.kind,
                            .at = world.wall()});
    const Sent& kept = world.sent.insert_or_assign(key_of(sent.chat, sent.id), sent).first->second;
    world.note(fmt::format("posted {} {}", kept.chat, kept.id));
    if (direct) {
        send_direct(world, kept, world.person("owner"));
    } else if (order.kind == PostKind::unavailable) {
        send_unavailable(world, world.group(order.chat), kept);
    } else {
        send_to_group(world, world.group(order.chat), kept);
    }
    return kept.id;
}

} // namespace

std::vector<std::string> post(World& world, const PostOrder& order) {
    if (order.chat != "direct" && !world.group(order.chat).has(world.person(order.member))) {
        throw std::invalid_argument{"not a member of that group"};
    }
    std::vector<std::string> ids;
    for (std::uint32_t i = 0; i < order.count; ++i) {
        const std::string text = i == 0 ? order.text : fmt::format("{} #{}", order.text, i + 1);
        ids.push_back(post_one(world, order, text));
    }
    return ids;
}

Stanza sealed_for(World& world, Person& sender, Companion& to, const Bytes& message) {
    if (!sender.phone->knows(to.address())) {
        sender.phone->start_session(to.address(), to.take_bundle());
        warn_of_few_keys(world, to);
    }
    return enc("pkmsg", sender.phone->pairwise(to.address(), padded(world, message)));
}

const Sent* find_sent(const World& world, const std::string& to, const std::string& id) {
    for (const std::string& chat : {to, std::string{"direct"}, std::string{"peer"}}) {
        const auto found = world.sent.find(key_of(chat, id));
        if (found != world.sent.end()) {
            return &found->second;
        }
    }
    return nullptr;
}

} // namespace vestari::sim
