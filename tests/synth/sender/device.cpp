#include "tests/synth/sender/device.hpp"

#include <signal/group_cipher.h>
#include <signal/group_session_builder.h>
#include <signal/key_helper.h>
#include <signal/protocol.h>
#include <signal/session_builder.h>
#include <signal/session_cipher.h>

namespace vestari::synth {

namespace {

using SessionBuilder = std::unique_ptr<session_builder, Freed<session_builder_free>>;
using SessionCipher = std::unique_ptr<session_cipher, Freed<session_cipher_free>>;
using GroupBuilder = std::unique_ptr<group_session_builder, Freed<group_session_builder_free>>;
using GroupCipher = std::unique_ptr<group_cipher, Freed<group_cipher_free>>;

// The reader, as a sender's store knows it; only one session exists there, so any name will do.
constexpr std::string_view reader_name = "reader";

void must(int result) { VESTARI_CHECK(result == SG_SUCCESS); }

// Makes an object of the library with `make(&raw)` and owns it.
template <class Owner, class Make> Owner made(Make make) {
    typename Owner::pointer raw = nullptr;
    must(make(&raw));
    return Owner{raw};
}

SignalRef<ec_public_key> public_key(SignalContext& signal, const Bytes& bytes) {
    return made<SignalRef<ec_public_key>>([&](ec_public_key** out) {
        return curve_decode_point(out, data_of(bytes), bytes.size(), signal.get());
    });
}

SignalRef<ec_private_key> private_key(SignalContext& signal, const Bytes& bytes) {
    return made<SignalRef<ec_private_key>>([&](ec_private_key** out) {
        return curve_decode_private_point(out, data_of(bytes), bytes.size(), signal.get());
    });
}

SignalRef<ec_key_pair> key_pair(SignalContext& signal, const KeyPair& keys) {
    const auto open = public_key(signal, keys.public_key);
    const auto secret = private_key(signal, keys.private_key);
    return made<SignalRef<ec_key_pair>>(
        [&](ec_key_pair** out) { return ec_key_pair_create(out, open.get(), secret.get()); });
}

Bytes serialised(ciphertext_message* message) {
    const SignalRef<ciphertext_message> owned{message};
    return to_bytes(view_of(ciphertext_message_get_serialized(owned.get())));
}

signal_protocol_address address_of(std::string_view name, std::uint32_t device) {
    return {name.data(), name.size(), static_cast<std::int32_t>(device)};
}

signal_protocol_sender_key_name sender_key_name(std::string_view group, std::string_view name,
                                                std::uint32_t device) {
    return {group.data(), group.size(), address_of(name, device)};
}

} // namespace

KeyPair make_key_pair(SignalContext& signal) {
    const auto pair = made<SignalRef<ec_key_pair>>(
        [&](ec_key_pair** out) { return curve_generate_key_pair(signal.get(), out); });
    const auto open = made<SignalBuffer>([&](signal_buffer** out) {
        return ec_public_key_serialize(out, ec_key_pair_get_public(pair.get()));
    });
    const auto secret = made<SignalBuffer>([&](signal_buffer** out) {
        return ec_private_key_serialize(out, ec_key_pair_get_private(pair.get()));
    });
    return {to_bytes(view_of(open.get())), to_bytes(view_of(secret.get()))};
}

DeviceKeys make_device_keys(SignalContext& signal, std::size_t pre_keys) {
    DeviceKeys keys;
    keys.registration_id = static_cast<std::uint32_t>(signal.random().between(1, 16380));
    keys.identity = make_key_pair(signal);
    keys.signed_pre_key = make_key_pair(signal);
    const auto identity = private_key(signal, keys.identity.private_key);
    const auto signature = made<SignalBuffer>([&](signal_buffer** out) {
        return curve_calculate_signature(signal.get(), out, identity.get(),
                                         data_of(keys.signed_pre_key.public_key),
                                         keys.signed_pre_key.public_key.size());
    });
    keys.signature = to_bytes(view_of(signature.get()));
    for (std::size_t i = 0; i < pre_keys; ++i) {
        keys.pre_keys.push_back(make_key_pair(signal));
    }
    return keys;
}

SenderDevice::SenderDevice(SignalContext& signal, const DeviceKeys& reader, std::size_t pre_key)
    : signal_{signal}, reader_{reader} {
    VESTARI_CHECK(pre_key < reader.pre_keys.size());
    KeyPair identity = make_key_pair(signal);
    store_ = std::make_unique<MemoryStore>(
        signal, static_cast<std::uint32_t>(signal.random().between(1, 16380)),
        std::move(identity.public_key), std::move(identity.private_key));
    begin_session(pre_key);
}

void SenderDevice::begin_session(std::size_t pre_key) {
    const auto one_time = public_key(signal_, reader_.pre_keys[pre_key].public_key);
    const auto signed_key = public_key(signal_, reader_.signed_pre_key.public_key);
    const auto identity = public_key(signal_, reader_.identity.public_key);
    const auto bundle = made<SignalRef<session_pre_key_bundle>>([&](session_pre_key_bundle** out) {
        return session_pre_key_bundle_create(
            out, reader_.registration_id, 5,
            reader_.first_pre_key_id + static_cast<std::uint32_t>(pre_key), one_time.get(),
            reader_.signed_pre_key_id, signed_key.get(), data_of(reader_.signature),
            reader_.signature.size(), identity.get());
    });
    const signal_protocol_address to = address_of(reader_name, 5);
    const auto builder = made<SessionBuilder>([&](session_builder** out) {
        return session_builder_create(out, store_->get(), &to, signal_.get());
    });
    must(session_builder_process_pre_key_bundle(builder.get(), bundle.get()));
}

Bytes SenderDevice::pairwise(BytesView padded) {
    const signal_protocol_address to = address_of(reader_name, 5);
    const auto cipher = made<SessionCipher>([&](session_cipher** out) {
        return session_cipher_create(out, store_->get(), &to, signal_.get());
    });
    ciphertext_message* message = nullptr;
    must(session_cipher_encrypt(cipher.get(), data_of(padded), padded.size(), &message));
    VESTARI_CHECK(ciphertext_message_get_type(message) == CIPHERTEXT_PREKEY_TYPE);
    return serialised(message);
}

Bytes SenderDevice::distribution(std::string_view group) {
    const auto name = sender_key_name(group, "me", 0);
    const auto builder = made<GroupBuilder>([&](group_session_builder** out) {
        return group_session_builder_create(out, store_->get(), signal_.get());
    });
    sender_key_distribution_message* message = nullptr;
    must(group_session_builder_create_session(builder.get(), &message, &name));
    return serialised(reinterpret_cast<ciphertext_message*>(message));
}

Bytes SenderDevice::group(std::string_view group, BytesView padded) {
    const auto name = sender_key_name(group, "me", 0);
    const auto cipher = made<GroupCipher>([&](group_cipher** out) {
        return group_cipher_create(out, store_->get(), &name, signal_.get());
    });
    ciphertext_message* message = nullptr;
    must(group_cipher_encrypt(cipher.get(), data_of(padded), padded.size(), &message));
    return serialised(message);
}

void SenderDevice::forget(std::string_view group) {
    store_->sender_keys.erase(MemoryStore::name_of(sender_key_name(group, "me", 0)));
}

Receiver::Receiver(SignalContext& signal, const DeviceKeys& keys) : signal_{signal} {
    store_ = std::make_unique<MemoryStore>(signal, keys.registration_id, keys.identity.public_key,
                                           keys.identity.private_key);
    for (std::size_t i = 0; i < keys.pre_keys.size(); ++i) {
        const std::uint32_t id = keys.first_pre_key_id + static_cast<std::uint32_t>(i);
        const auto pair = key_pair(signal, keys.pre_keys[i]);
        const auto record = made<SignalRef<session_pre_key>>(
            [&](session_pre_key** out) { return session_pre_key_create(out, id, pair.get()); });
        const auto buffer = made<SignalBuffer>(
            [&](signal_buffer** out) { return session_pre_key_serialize(out, record.get()); });
        store_->pre_keys[id] = to_bytes(view_of(buffer.get()));
    }
    const auto pair = key_pair(signal, keys.signed_pre_key);
    const auto record = made<SignalRef<session_signed_pre_key>>([&](session_signed_pre_key** out) {
        return session_signed_pre_key_create(out, keys.signed_pre_key_id, 0, pair.get(),
                                             data_of(keys.signature), keys.signature.size());
    });
    const auto buffer = made<SignalBuffer>(
        [&](signal_buffer** out) { return session_signed_pre_key_serialize(out, record.get()); });
    store_->signed_pre_keys[keys.signed_pre_key_id] = to_bytes(view_of(buffer.get()));
}

Receiver::Opened Receiver::pairwise(std::string_view name, std::uint32_t device, BytesView pkmsg) {
    pre_key_signal_message* raw = nullptr;
    if (const int bad =
            pre_key_signal_message_deserialize(&raw, data_of(pkmsg), pkmsg.size(), signal_.get());
        bad != SG_SUCCESS) {
        return {bad, {}};
    }
    const SignalRef<pre_key_signal_message> message{raw};
    const signal_protocol_address from = address_of(name, device);
    const auto cipher = made<SessionCipher>([&](session_cipher** out) {
        return session_cipher_create(out, store_->get(), &from, signal_.get());
    });
    signal_buffer* plain = nullptr;
    const int code =
        session_cipher_decrypt_pre_key_signal_message(cipher.get(), message.get(), nullptr, &plain);
    const SignalBuffer owned{plain};
    return {code, code == SG_SUCCESS ? to_bytes(view_of(plain)) : Bytes{}};
}

Receiver::Opened Receiver::group(std::string_view group, std::string_view name,
                                 std::uint32_t device, BytesView skmsg) {
    sender_key_message* raw = nullptr;
    if (const int bad =
            sender_key_message_deserialize(&raw, data_of(skmsg), skmsg.size(), signal_.get());
        bad != SG_SUCCESS) {
        return {bad, {}};
    }
    const SignalRef<sender_key_message> message{raw};
    const auto key_name = sender_key_name(group, name, device);
    const auto cipher = made<GroupCipher>([&](group_cipher** out) {
        return group_cipher_create(out, store_->get(), &key_name, signal_.get());
    });
    signal_buffer* plain = nullptr;
    const int code = group_cipher_decrypt(cipher.get(), message.get(), nullptr, &plain);
    const SignalBuffer owned{plain};
    return {code, code == SG_SUCCESS ? to_bytes(view_of(plain)) : Bytes{}};
}

int Receiver::distribute(std::string_view group, std::string_view name, std::uint32_t device,
                         BytesView distribution) {
    sender_key_distribution_message* raw = nullptr;
    if (const int bad = sender_key_distribution_message_deserialize(
            &raw, data_of(distribution), distribution.size(), signal_.get());
        bad != SG_SUCCESS) {
        return bad;
    }
    const SignalRef<sender_key_distribution_message> message{raw};
    const auto key_name = sender_key_name(group, name, device);
    const auto builder = made<GroupBuilder>([&](group_session_builder** out) {
        return group_session_builder_create(out, store_->get(), signal_.get());
    });
    return group_session_builder_process_session(builder.get(), &key_name, message.get());
}

} // namespace vestari::synth
