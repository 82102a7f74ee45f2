#include "bridge/noise/handshake.hpp"

#include "bridge/noise/errors.hpp"
#include "bridge/noise/frame_reader.hpp"
#include "proto/noise.pb.h"
#include "vestari/base/check.hpp"

namespace vestari::noise {

namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::string_view routing_mark{"ED\0\x01", 4};

std::string text_of(BytesView bytes) { return to_string(bytes); }

Result<Bytes> framed_message(const wire::HandshakeMessage& message) {
    return framed(as_bytes(message.SerializeAsString()));
}

// The server's half, with lengths checked as section 4.2 step 4 wants them.
Result<wire::HandshakeMessage> read_server_hello(BytesView bytes) {
    wire::HandshakeMessage message;
    if (bytes.size() > max_frame_before_login ||
        !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        return NoiseErrc::malformed_hello;
    }
    const auto& hello = message.server_hello();
    if (hello.ephemeral().size() != key_bytes ||
        hello.static_().size() != key_bytes + crypto::aead_tag_bytes ||
        hello.payload().size() <= crypto::aead_tag_bytes) {
        return NoiseErrc::malformed_hello;
    }
    return message;
}

} // namespace

ClientHandshake::ClientHandshake(const StaticKey& device, const RootKey& root,
                                 BytesView routing_info)
    : ClientHandshake{device, root, routing_info, crypto::NoiseKeyPair::generate()} {}

ClientHandshake::ClientHandshake(const StaticKey& device, const RootKey& root,
                                 BytesView routing_info, crypto::NoiseKeyPair ephemeral)
    : device_{device.private_key.duplicate(), device.public_key}, ephemeral_{std::move(ephemeral)},
      root_{root} {
    if (routing_info.size() <= max_routing_info) {
        routing_info_ = to_bytes(routing_info);
    }
    state_.mix_hash(ephemeral_.public_key);
}

Bytes ClientHandshake::hello() const {
    Bytes out;
    if (!routing_info_.empty()) {
        append(out, routing_mark);
        append_be<frame_header_bytes>(out, routing_info_.size());
        append(out, routing_info_);
    }
    append(out, introduction);
    wire::HandshakeMessage message;
    message.mutable_client_hello()->set_ephemeral(text_of(ephemeral_.public_key));
    const Result<Bytes> frame = framed_message(message);
    VESTARI_CHECK(frame.has_value());
    append(out, *frame);
    return out;
}

Result<> ClientHandshake::agree(const crypto::NoisePrivateKey& own, BytesView theirs) {
    const Result<crypto::SharedSecret> agreed = crypto::x25519(own, theirs.first<key_bytes>());
    if (!agreed) {
        return NoiseErrc::weak_server_key;
    }
    state_.mix_key(*agreed);
    return {};
}

Result<Finished> ClientHandshake::finish(BytesView server_hello, BytesView client_payload,
                                         TimePoint now) && {
    const Result<wire::HandshakeMessage> message = read_server_hello(server_hello);
    if (!message) {
        return message.error();
    }
    const auto& hello = message->server_hello();
    const BytesView server_ephemeral = as_bytes(hello.ephemeral());
    state_.mix_hash(server_ephemeral);
    if (const Result<> ee = agree(ephemeral_.private_key, server_ephemeral); !ee) {
        return ee.error();
    }
    const Result<Bytes> server_static = state_.decrypt(as_bytes(hello.static_()));
    if (!server_static) {
        return server_static.error();
    }
    if (const Result<> es = agree(ephemeral_.private_key, *server_static); !es) {
        return es.error();
    }
    const Result<Bytes> chain = state_.decrypt(as_bytes(hello.payload()));
    if (!chain) {
        return chain.error();
    }
    const Result<> verified =
        verify_chain(*chain, root_, BytesView{*server_static}.first<key_bytes>(), now);
    if (!verified) {
        return verified.error();
    }
    wire::HandshakeMessage answer;
    auto& finish = *answer.mutable_client_finish();
    finish.set_static_(text_of(state_.encrypt(device_.public_key)));
    if (const Result<> se = agree(device_.private_key, server_ephemeral); !se) {
        return se.error();
    }
    finish.set_payload(text_of(state_.encrypt(client_payload)));
    Result<Bytes> frame = framed_message(answer);
    if (!frame) {
        return frame.error();
    }
    SymmetricState::Keys keys = std::move(state_).split();
    return Finished{std::move(*frame), Sealing{std::move(keys.client_to_server)},
                    Opening{std::move(keys.server_to_client)}};
}

} // namespace vestari::noise
