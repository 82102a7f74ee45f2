#include "tests/synth/day/conductor.hpp"

namespace vestari::synth {

namespace {

constexpr std::size_t spare_pre_keys = 4;

Jid jid(std::string_view text) {
    const Result<Jid> parsed = Jid::parse(text);
    VESTARI_CHECK(parsed.has_value());
    return *parsed;
}

Stanza enc(std::string type, Bytes bytes) {
    Stanza node{.tag = "enc", .attributes = {}, .children = {}, .bytes = std::move(bytes)};
    node.with("v", "2").with("type", std::move(type));
    return node;
}

} // namespace

Conductor::Conductor(World world, std::uint64_t seed)
    : world_{std::move(world)}, own_phone_{world_.me}, signal_{seed ^ 0x9e3779b97f4a7c15ULL},
      random_{seed},
      keys_{make_device_keys(signal_,
                             world_.dealers.size() + world_.contacts.size() + 1 + spare_pre_keys)} {
    own_phone_.device = 0;
    fixture_ = std::make_unique<Fixture>(world_, keys_, "synthetic day, made by vestari-synth");
}

Conductor::Device& Conductor::device_of(const Person& person) {
    const auto found = devices_.find(person.lid);
    if (found != devices_.end()) {
        return found->second;
    }
    return devices_.emplace(person.lid, Device{SenderDevice{signal_, keys_, devices_.size()}, {}})
        .first->second;
}

std::string Conductor::new_id() {
    static constexpr std::string_view prefixes[] = {"3EB0", "3A", "AC"};
    return std::string{random_.pick(prefixes)} + random_.text(18, "0123456789ABCDEF");
}

MediaFile Conductor::new_file(std::string mime_type) {
    MediaFile file;
    file.direct_path = "/v/t62.7118-24/" + random_.text(14, "0123456789") + "_n.enc";
    file.mime_type = std::move(mime_type);
    file.media_key = random_.bytes(32);
    file.file_hash = random_.bytes(32);
    file.encrypted_hash = random_.bytes(32);
    file.length = static_cast<std::uint64_t>(random_.between(60'000, 900'000));
    return file;
}

Bytes Conductor::padded(const Bytes& message) {
    return content::pad(message, static_cast<std::size_t>(random_.between(1, 15)));
}

Stanza Conductor::message_stanza(const Post& post, const std::string& id,
                                 const Person& shown) const {
    const ChatGroup& group = world_.groups[post.group];
    const Jid pn = jid(pn_of(shown)).with_device(shown.device);
    const Jid lid = jid(lid_of(shown)).with_device(shown.device);
    const bool by_lid = group.addressing == Addressing::lid;
    Stanza stanza{.tag = "message", .attributes = {}, .children = {}, .bytes = {}};
    stanza.with_jid("from", group.jid)
        .with("participant", by_lid ? lid : pn)
        .with(by_lid ? "participant_pn" : "participant_lid", by_lid ? pn : lid)
        .with("addressing_mode", by_lid ? "lid" : "pn")
        .with("id", id)
        .with("t", std::to_string(at_ms_ / 1000))
        .with("type", post.type);
    if (!post.edit.empty()) {
        stanza.with("edit", post.edit);
    }
    stanza.with("notify", post.push_name.empty() ? shown.name : post.push_name);
    return stanza;
}

void Conductor::encrypt(Stanza& stanza, const Post& post, const ChatGroup& group,
                        const Person& author) {
    Device& device = device_of(author);
    if (post.twist == Twist::rotated || post.twist == Twist::unknown_key) {
        device.signal.forget(group.jid);
        device.knows.erase(group.jid);
    }
    const bool first = device.knows.insert(group.jid).second;
    const Bytes key = first || post.twist == Twist::redistributed || post.twist == Twist::key_alone
                          ? device.signal.distribution(group.jid)
                          : Bytes{};
    if (!key.empty() && post.twist != Twist::unknown_key) {
        stanza.children.push_back(
            enc("pkmsg", device.signal.pairwise(padded(content::distribution(group.jid, key)))));
    }
    if (post.twist != Twist::key_alone) {
        Bytes body = device.signal.group(group.jid, padded(post.message));
        if (post.twist == Twist::damaged) {
            body[body.size() / 2] ^= std::byte{0x10};
        }
        stanza.children.push_back(enc("skmsg", std::move(body)));
    }
    if (post.twist == Twist::unknown_key) {
        device.knows.erase(group.jid);
        device.signal.forget(group.jid);
    }
    if (post.twist == Twist::group_part_first) {
        std::ranges::reverse(stanza.children);
    }
    if (!key.empty() && author.device != 0) {
        stanza.children.push_back({.tag = "device-identity",
                                   .attributes = {},
                                   .children = {},
                                   .bytes = random_.bytes(179)});
    }
}

std::string Conductor::post(const Post& post) {
    const std::string id = post.id.empty() ? new_id() : post.id;
    const ChatGroup& group = world_.groups[post.group];
    const Person& author = person(post.sender);
    const std::size_t other = post.sender == me ? 0 : (post.sender + 1) % world_.dealers.size();
    const Person& shown = post.twist == Twist::spoofed ? world_.dealers[other] : author;
    Stanza stanza = message_stanza(post, id, shown);
    if (post.twist == Twist::unavailable) {
        stanza.children.push_back({.tag = "unavailable",
                                   .attributes = {{"type", "view_once"}},
                                   .children = {},
                                   .bytes = {}});
    } else {
        encrypt(stanza, post, group, author);
    }
    const bool fails = post.twist == Twist::damaged || post.twist == Twist::unknown_key ||
                       post.twist == Twist::spoofed || post.twist == Twist::unavailable;
    const Count count = !group.included ? Count::dropped : fails ? Count::failed : Count::decrypted;
    add(stanza, count, post.category, post.packing);
    return id;
}

Stanza Conductor::pairwise(const Person& person, const Bytes& message) {
    Stanza stanza{.tag = "message", .attributes = {}, .children = {}, .bytes = {}};
    stanza.with("id", new_id())
        .with("t", std::to_string(at_ms_ / 1000))
        .with("type", "text")
        .with("notify", person.name);
    stanza.children.push_back(enc("pkmsg", device_of(person).signal.pairwise(padded(message))));
    return stanza;
}

void Conductor::direct(std::size_t contact, const Bytes& message) {
    const Person& from = world_.contacts[contact];
    Stanza stanza = pairwise(from, message);
    if (contact % 2 == 0) {
        stanza.with_jid("from", lid_of(from)).with_jid("sender_pn", pn_of(from));
    } else {
        stanza.with_jid("from", pn_of(from)).with_jid("sender_lid", lid_of(from));
    }
    add(stanza, Count::dropped, "direct");
}

void Conductor::own_to(std::size_t contact, const Bytes& message) {
    const Person& to = world_.contacts[contact];
    Stanza stanza = pairwise(own_phone_, content::device_sent(lid_of(to), message));
    stanza.with_jid("from", lid_of(own_phone_))
        .with_jid("recipient", lid_of(to))
        .with_jid("peer_recipient_pn", pn_of(to));
    add(stanza, Count::dropped, "own-to-contact");
}

void Conductor::own_control(const Bytes& message) {
    Stanza stanza = pairwise(own_phone_, message);
    stanza.with_jid("from", pn_of(own_phone_)).with("category", "peer");
    add(stanza, Count::other, "own-control");
}

void Conductor::forged_control(std::size_t contact, const Bytes& message) {
    const Person& from = world_.contacts[contact];
    Stanza stanza = pairwise(from, message);
    stanza.with_jid("from", lid_of(from)).with("category", "peer");
    add(stanza, Count::dropped, "forged-peer");
}

void Conductor::status(std::size_t contact, const Bytes& message) {
    const Person& from = world_.contacts[contact];
    Stanza stanza = pairwise(from, message);
    stanza.with_jid("from", "status@broadcast").with_jid("participant", pn_of(from));
    add(stanza, Count::dropped, "status");
}

void Conductor::add(const Stanza& stanza, Count count, const std::string& category,
                    Packing packing) {
    fixture_->add(at_ms_, encode(stanza, packing), count, category);
    counted_.push_back(count);
}

void Conductor::swap_last_two() {
    VESTARI_CHECK(counted_.size() >= 2 && counted_.back() == counted_[counted_.size() - 2]);
    fixture_->swap_last_two();
}

void Conductor::repeat(std::size_t line) {
    const Bytes stanza = to_bytes(fixture_->line(line));
    const Count count = counted_[line] == Count::decrypted ? Count::duplicates : counted_[line];
    fixture_->add(at_ms_, stanza, count, "repeated");
    counted_.push_back(count);
}

Learned Conductor::told(const Post& post, const std::string& id, std::string kind) const {
    const ChatGroup& group = world_.groups[post.group];
    const Person& author = person(post.sender);
    const Jid address = jid(group.addressing == Addressing::lid ? lid_of(author) : pn_of(author));
    Learned learned;
    learned.chat = group.jid;
    learned.id = id;
    learned.sender = address.with_device(author.device).to_string();
    learned.sender_pn = pn_of(author);
    learned.sender_lid = lid_of(author);
    learned.kind = std::move(kind);
    learned.category = post.category;
    return learned;
}

} // namespace vestari::synth
