#include "tests/sim/check/client.hpp"

#include <openssl/evp.h>

#include "tests/sim/base/fields.hpp"
#include "tests/synth/message/protobuf_writer.hpp"
#include "vestari/crypto/hash.hpp"

// Exported by libsignal-protocol-c, declared in no header of it.
extern "C" int curve25519_sign(unsigned char* signature, const unsigned char* private_key,
                               const unsigned char* message, unsigned long length,
                               const unsigned char* random);

namespace vestari::sim::test_client {

namespace {

using synth::ProtobufWriter;

constexpr std::uint32_t revision = 1'045'649'367;
constexpr std::size_t pre_keys = 40;

Bytes framed(BytesView content) {
    Bytes out;
    append_be<3>(out, content.size());
    append(out, content);
    return out;
}

std::string base64(BytesView bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(length));
    return out;
}

Bytes be(std::uint64_t value, std::size_t width) {
    Bytes out;
    append_be64(out, value);
    out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(width));
    return out;
}

Bytes agent() {
    const Bytes version = ProtobufWriter{}.varint(1, 2).varint(2, 3000).varint(3, revision).done();
    return ProtobufWriter{}.varint(1, 14).bytes(2, version).done();
}

BytesView without_type(const Bytes& key) { return BytesView{key}.subspan(1); }

} // namespace

Client::Client(Service& service, std::uint64_t seed)
    : signal{seed}, keys{synth::make_device_keys(signal, pre_keys)}, receiver{signal, keys},
      adv_secret{signal.random().bytes(32)}, service_{service}, seed_{seed},
      noise_{test::noise_key_of(seed, "client")} {}

void Client::connect(BytesView client_payload) {
    link_ = &service_.connect(now);
    ending = Ending::none;
    unread_.clear();
    arrived_.clear();
    crypto::NoiseKeyPair ephemeral = test::noise_key_of(seed_, "ephemeral");
    noise::SymmetricState state;
    state.mix_hash(ephemeral.public_key);
    Bytes hello = to_bytes(noise::introduction);
    const Bytes first = ProtobufWriter{}.bytes(1, ephemeral.public_key).done();
    append(hello, framed(ProtobufWriter{}.bytes(2, first).done()));
    link_->received(hello, now);

    Bytes frame;
    for (const Bytes& message : link_->take_output()) {
        append(frame, message);
    }
    const Fields answer = Fields{BytesView{frame}.subspan(3)}.inside(3);
    const BytesView theirs = *answer.bytes(1);
    state.mix_hash(theirs);
    state.mix_key(*crypto::x25519(ephemeral.private_key, theirs.first<32>()));
    const Bytes server_key = *state.decrypt(*answer.bytes(2));
    state.mix_key(*crypto::x25519(ephemeral.private_key, BytesView{server_key}.first<32>()));
    VESTARI_CHECK(state.decrypt(*answer.bytes(3)).has_value());
    const Bytes own = state.encrypt(noise_.public_key);
    state.mix_key(*crypto::x25519(noise_.private_key, theirs.first<32>()));
    const Bytes finish =
        ProtobufWriter{}.bytes(1, own).bytes(2, state.encrypt(client_payload)).done();
    noise::SymmetricState::Keys split = std::move(state).split();
    sealing_.emplace(std::move(split.client_to_server));
    opening_.emplace(std::move(split.server_to_client));
    link_->received(framed(ProtobufWriter{}.bytes(4, finish).done()), now);
    pull();
}

void Client::drop() {
    if (link_ != nullptr) {
        link_->closed(now);
        link_ = nullptr;
    }
}

void Client::advance(std::chrono::milliseconds by) {
    now += by;
    service_.tick(now);
    pull();
}

void Client::send(const Stanza& stanza) {
    link_->received(framed(*sealing_->seal(plain(stanza), {})), now);
    service_.tick(now);
    pull();
}

void Client::pull() {
    if (link_ == nullptr) {
        return;
    }
    for (const Bytes& message : link_->take_output()) {
        append(unread_, message);
    }
    ending = link_->ending();
    while (unread_.size() >= 3) {
        const auto length = static_cast<std::size_t>(read_be<3>(unread_));
        if (unread_.size() < 3 + length) {
            return;
        }
        const Result<Bytes> document = opening_->open(BytesView{unread_}.subspan(3, length), {});
        const Result<Stanza> stanza =
            document ? parse(*document) : Result<Stanza>{document.error()};
        if (stanza) {
            arrived_.push_back(*stanza);
        } else {
            ++unreadable;
        }
        unread_.erase(unread_.begin(), unread_.begin() + static_cast<std::ptrdiff_t>(3 + length));
    }
}

std::vector<Stanza> Client::take() {
    service_.tick(now);
    pull();
    return std::exchange(arrived_, {});
}

Stanza Client::wait_for(std::string_view tag) {
    service_.tick(now);
    pull();
    const auto found = std::ranges::find(arrived_, tag, &Stanza::tag);
    if (found == arrived_.end()) {
        return {};
    }
    Stanza stanza = *found;
    arrived_.erase(arrived_.begin(), std::next(found));
    return stanza;
}

Bytes Client::registration() const {
    const Bytes data = ProtobufWriter{}
                           .bytes(1, be(keys.registration_id, 4))
                           .bytes(2, Bytes{std::byte{5}})
                           .bytes(3, without_type(keys.identity.public_key))
                           .bytes(4, be(keys.signed_pre_key_id, 3))
                           .bytes(5, without_type(keys.signed_pre_key.public_key))
                           .bytes(6, keys.signature)
                           .bytes(7, Bytes(16))
                           .bytes(8, Bytes{})
                           .done();
    return ProtobufWriter{}.varint(3, 0).bytes(5, agent()).bytes(19, data).done();
}

Bytes Client::login() const {
    const Result<Jid> own = Jid::parse(jid);
    return ProtobufWriter{}
        .varint(1, std::stoull(own->user()))
        .varint(3, 1)
        .bytes(5, agent())
        .varint(18, own->device())
        .varint(33, 1)
        .done();
}

std::string Client::qr(std::string_view ref) const {
    return fmt::format("https://wa.me/settings/linked_devices#{},{},{},{},1", ref,
                       base64(noise_.public_key), base64(without_type(keys.identity.public_key)),
                       base64(adv_secret));
}

Bytes Client::pair_answer(const Stanza& pair_success) {
    const Stanza& content = pair_success.children.front();
    jid = text_of(*child(content, "device"), "jid");
    lid = text_of(*child(content, "device"), "lid");
    const Fields container{child(content, "device-identity")->bytes};
    VESTARI_CHECK(std::ranges::equal(crypto::hmac_sha256(adv_secret, *container.bytes(1)),
                                     *container.bytes(2)));
    const Fields sealed{*container.bytes(1)};
    const BytesView identity = without_type(keys.identity.public_key);
    Bytes signed_by_phone = {std::byte{6}, std::byte{0}};
    append(signed_by_phone, *sealed.bytes(1));
    append(signed_by_phone, identity);
    VESTARI_CHECK(crypto::xeddsa_verify(*sealed.bytes(2), signed_by_phone, *sealed.bytes(3)));
    Bytes message = {std::byte{6}, std::byte{1}};
    append(message, *sealed.bytes(1));
    append(message, identity);
    append(message, *sealed.bytes(2));
    Bytes signature(64);
    const Bytes random = signal.random().bytes(64);
    VESTARI_CHECK(curve25519_sign(reinterpret_cast<unsigned char*>(signature.data()),
                                  synth::data_of(keys.identity.private_key),
                                  synth::data_of(message), message.size(),
                                  synth::data_of(random)) == 0);
    return ProtobufWriter{}
        .bytes(1, *sealed.bytes(1))
        .bytes(3, *sealed.bytes(3))
        .bytes(4, signature)
        .done();
}

Stanza Client::upload() const {
    Stanza list = element("list");
    for (std::size_t i = 0; i < keys.pre_keys.size(); ++i) {
        Stanza key = element("key");
        key.children = {element("id", be(keys.first_pre_key_id + i, 3)),
                        element("value", to_bytes(without_type(keys.pre_keys[i].public_key)))};
        list.children.push_back(std::move(key));
    }
    Stanza skey = element("skey");
    skey.children = {element("id", be(keys.signed_pre_key_id, 3)),
                     element("value", to_bytes(without_type(keys.signed_pre_key.public_key))),
                     element("signature", keys.signature)};
    Stanza iq = query("set", "encrypt", element("registration", be(keys.registration_id, 4)));
    iq.children.push_back(element("type", {std::byte{5}}));
    iq.children.push_back(element("identity", to_bytes(without_type(keys.identity.public_key))));
    iq.children.push_back(std::move(list));
    iq.children.push_back(std::move(skey));
    return iq;
}

void Client::link(const std::string& person) {
    connect(registration());
    const Stanza offer = wait_for("iq");
    Stanza thanks = element("iq");
    thanks.with("to", server_jid()).with("type", "result").with("id", text_of(offer, "id"));
    send(thanks);
    const std::string ref = to_string(offer.children.front().children.front().bytes);
    VESTARI_CHECK(service_.scan(qr(ref), person) == Scanned::linking);
    const Stanza success = wait_for("iq");
    Stanza identity = element("device-identity", pair_answer(success));
    identity.with("key-index", std::to_string(Jid::parse(jid)->device()));
    Stanza sign = element("pair-device-sign");
    sign.children.push_back(std::move(identity));
    Stanza answer = element("iq");
    answer.with("to", server_jid()).with("type", "result").with("id", text_of(success, "id"));
    answer.children.push_back(std::move(sign));
    send(answer);
    VESTARI_CHECK(wait_for("stream:error").tag == "stream:error" && ending == Ending::close);
    drop();
}

void Client::log_in() {
    connect(login());
    if (!std::exchange(uploaded_, true)) {
        send(upload());
    }
    send(query("set", "passive", element("active")));
}

Stanza query(std::string_view type, std::string_view xmlns, Stanza content) {
    static int count = 0;
    Stanza iq = element("iq");
    iq.with("to", server_jid())
        .with("type", std::string{type})
        .with("id", fmt::format("7.7-{}", ++count))
        .with("xmlns", std::string{xmlns});
    iq.children.push_back(std::move(content));
    return iq;
}

namespace {

Stanza answer_to(const Stanza& stanza, std::string_view tag) {
    Stanza out = element(tag);
    out.with("id", text_of(stanza, "id"));
    for (const auto& [key, value] : stanza.attributes) {
        if (key == "from") {
            set(out, "to", value);
        } else if (key == "participant" || key == "recipient") {
            set(out, key, value);
        }
    }
    return out;
}

} // namespace

Stanza ack_of(const Stanza& stanza) {
    Stanza out = answer_to(stanza, "ack");
    out.with("class", stanza.tag);
    if (stanza.tag != "message" && has(stanza, "type")) {
        out.with("type", text_of(stanza, "type"));
    }
    return out;
}

Stanza receipt_of(const Stanza& message, std::string_view type) {
    Stanza out = answer_to(message, "receipt");
    out.with("type", std::string{type});
    return out;
}

} // namespace vestari::sim::test_client
