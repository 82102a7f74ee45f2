// The media host's files and the history that a phone sends.
#include <openssl/evp.h>
#include <zlib.h>

#include "tests/sim/groups/posting.hpp"
#include "tests/sim/session/delivery.hpp"
#include "tests/synth/message/content.hpp"
#include "vestari/crypto/hash.hpp"

namespace vestari::sim {

namespace {

constexpr std::size_t iv_bytes = 16, key_bytes = 32, mac_bytes = 10;
constexpr std::uint32_t recent = 3; // sync type

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, synth::Freed<EVP_CIPHER_CTX_free>>;
using synth::ProtobufWriter;

unsigned char* raw(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* raw(BytesView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

Bytes cbc(BytesView key, BytesView iv, BytesView plain) {
    const Cipher cipher{EVP_CIPHER_CTX_new()};
    Bytes out(plain.size() + iv_bytes);
    int length = 0, last = 0;
    VESTARI_CHECK(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_cbc(), nullptr, raw(key), raw(iv)) ==
                      1 &&
                  EVP_EncryptUpdate(cipher.get(), raw(out), &length, raw(plain),
                                    static_cast<int>(plain.size())) == 1 &&
                  EVP_EncryptFinal_ex(cipher.get(), raw(out) + length, &last) == 1);
    out.resize(static_cast<std::size_t>(length + last));
    return out;
}

Bytes deflated(const Bytes& plain) {
    uLongf size = compressBound(plain.size());
    Bytes out(size);
    VESTARI_CHECK(compress(reinterpret_cast<Bytef*>(out.data()), &size,
                           reinterpret_cast<const Bytef*>(plain.data()), plain.size()) == Z_OK);
    out.resize(size);
    return out;
}

// One conversation with what its first simulated member said.
Bytes history(World& world, const Group& group, const HistoryOrder& order) {
    const Person& author = *group.members[group.members.size() > 1 ? 1 : 0];
    const std::string chat = group.jid.to_string();
    const std::string member = group.jid_of(author).to_string();
    ProtobufWriter conversation;
    conversation.text(1, chat);
    for (const std::string& text : order.texts) {
        const std::string id = world.message_id();
        const Bytes key =
            ProtobufWriter{}.text(1, chat).varint(2, 0).text(3, id).text(4, member).done();
        const Bytes info = ProtobufWriter{}
                               .bytes(1, key)
                               .bytes(2, synth::content::text(text))
                               .varint(3, world.seconds() - 86'400)
                               .text(5, member)
                               .text(19, author.name)
                               .done();
        conversation.bytes(2, ProtobufWriter{}.bytes(1, info).varint(2, 1).done());
    }
    conversation.text(13, group.name);
    return ProtobufWriter{}.varint(1, recent).bytes(2, conversation.done()).varint(5, 1).done();
}

Bytes notification(World& world, const Bytes& blob, const HistoryOrder& order) {
    ProtobufWriter note;
    if (order.media_host) {
        const StoredFile file = store_file(world, blob, "WhatsApp History Keys");
        note.bytes(1, file.file_hash).varint(2, file.length).bytes(3, file.media_key);
        note.bytes(4, file.encrypted_hash).text(5, file.path);
    }
    note.varint(6, recent).varint(7, 1);
    if (!order.media_host) {
        note.bytes(11, blob);
    }
    const Bytes protocol = ProtobufWriter{}.varint(2, 5).bytes(6, note.done()).done();
    return ProtobufWriter{}.bytes(12, protocol).done();
}

} // namespace

StoredFile store_file(World& world, BytesView file, std::string_view info) {
    StoredFile stored;
    stored.media_key = world.random.bytes(key_bytes);
    const Bytes keys = *crypto::hkdf_sha256(stored.media_key, {}, as_bytes(info), 112);
    const BytesView all = keys;
    const BytesView iv = all.first(iv_bytes);
    Bytes sealed = cbc(all.subspan(iv_bytes, key_bytes), iv, file);
    const crypto::Digest mac =
        crypto::hmac_sha256(all.subspan(iv_bytes + key_bytes, key_bytes), {iv, sealed});
    append(sealed, BytesView{mac}.first(mac_bytes));
    stored.file_hash = to_bytes(BytesView{crypto::sha256(file)});
    stored.encrypted_hash = to_bytes(BytesView{crypto::sha256(sealed)});
    stored.length = file.size();
    stored.path =
        fmt::format("/v/t62.7118-24/{}.enc?ccb=11-4", world.random.text(20, "0123456789"));
    world.media[stored.path.substr(0, stored.path.find('?'))] = std::move(sealed);
    return stored;
}

std::string send_history(World& world, const HistoryOrder& order) {
    Person& owner = world.person("owner");
    Sent sent;
    sent.sender = &owner;
    sent.chat = "peer";
    sent.id = world.message_id();
    sent.seconds = world.seconds();
    sent.content =
        notification(world, deflated(history(world, world.group(order.group), order)), order);
    const Sent& kept = world.sent.insert_or_assign(key_of("peer", sent.id), sent).first->second;
    for (const auto& [number, device] : owner.companions) {
        Stanza message = element("message");
        message.with("from", owner.pn)
            .with("id", kept.id)
            .with("t", std::to_string(kept.seconds))
            .with("type", "text")
            .with("category", "peer");
        message.children.push_back(sealed_for(world, owner, *device, kept.content));
        deliver(world, *device, std::move(message));
    }
    return kept.id;
}

} // namespace vestari::sim
