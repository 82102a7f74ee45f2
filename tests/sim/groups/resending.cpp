// What a sender does with a retry receipt.
#include <stdexcept>

#include "tests/sim/groups/posting.hpp"
#include "tests/sim/session/delivery.hpp"
#include "tests/synth/message/content.hpp"

namespace vestari::sim {

namespace {

constexpr std::uint64_t most_resends = 5;

const Bytes& content_of(const Stanza& stanza, std::string_view tag) {
    static const Bytes none;
    const Stanza* found = child(stanza, tag);
    return found == nullptr ? none : found->bytes;
}

// The keys that a receipt brings; empty optional: none, or not whole.
std::optional<KeyBundle> bundle_in(const Stanza& receipt, const Companion& device) {
    const Stanza* keys = child(receipt, "keys");
    const Stanza* key = keys == nullptr ? nullptr : child(*keys, "key");
    const Stanza* skey = keys == nullptr ? nullptr : child(*keys, "skey");
    const Bytes& registration = content_of(receipt, "registration");
    if (key == nullptr || skey == nullptr || registration.size() != 4 ||
        content_of(*key, "id").size() != 3 || content_of(*skey, "id").size() != 3 ||
        content_of(*keys, "identity") != device.identity) {
        return std::nullopt;
    }
    return KeyBundle{.registration_id = static_cast<std::uint32_t>(read_be<4>(registration)),
                     .identity = typed(device.identity),
                     .signed_id = static_cast<std::uint32_t>(read_be<3>(content_of(*skey, "id"))),
                     .signed_key = typed(content_of(*skey, "value")),
                     .signature = content_of(*skey, "signature"),
                     .one_time_id = static_cast<std::uint32_t>(read_be<3>(content_of(*key, "id"))),
                     .one_time_key = typed(content_of(*key, "value"))};
}

// Once more what the first delivery was, but for its content.
Stanza header_again(World& world, const Sent& sent, const Companion& to) {
    const Person& sender = *sent.sender;
    Stanza out = element("message");
    const auto group = world.groups.find(sent.chat);
    if (group == world.groups.end()) {
        out.with("from", sender.pn.with_device(sender.device));
        if (to.person == &sender) {
            out.with("category", "peer");
        }
    } else {
        const bool lid = group->second.addressing == Addressing::lid;
        out.with("from", group->second.jid)
            .with("participant", group->second.jid_of(sender).with_device(sender.device))
            .with(lid ? "participant_pn" : "participant_lid", lid ? sender.pn : sender.lid)
            .with("addressing_mode", lid ? "lid" : "pn");
    }
    out.with("id", sent.id)
        .with("t", std::to_string(sent.seconds))
        .with("type", sent.type)
        .with("notify", sender.name);
    if (!sent.edit.empty()) {
        out.with("edit", sent.edit);
    }
    return out;
}

} // namespace

void resend(World& world, const Sent& sent, Companion& to, const Stanza& receipt) {
    const Stanza* retry = child(receipt, "retry");
    const std::uint64_t count = retry == nullptr ? 0 : number_of(*retry, "count").value_or(0);
    if (count == 0 || count > most_resends) {
        return;
    }
    Handset& phone = *sent.sender->phone;
    try {
        if (const auto bundle = bundle_in(receipt, to)) {
            phone.start_session(to.address(), *bundle);
        } else if (count > 1) {
            phone.start_session(to.address(), to.take_bundle());
        }
    } catch (const std::invalid_argument&) {
        world.oddities.push_back("a retry receipt with keys that do not hold");
        return;
    }
    Bytes content = sent.content;
    if (world.groups.contains(sent.chat)) {
        append(content, synth::content::distribution(sent.chat, phone.distribution(sent.chat)));
        phone.keyed(sent.chat).insert(to.address());
    }
    Stanza message = header_again(world, sent, to);
    Stanza sealed = sealed_for(world, *sent.sender, to, content);
    sealed.with("count", std::to_string(count));
    message.children.push_back(std::move(sealed));
    world.note(fmt::format("resent {} for the {}. time", sent.id, count));
    deliver(world, to, std::move(message));
}

} // namespace vestari::sim
