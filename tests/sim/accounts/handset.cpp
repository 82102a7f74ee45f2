#include "tests/sim/accounts/handset.hpp"

#include <signal/group_cipher.h>
#include <signal/group_session_builder.h>
#include <signal/protocol.h>
#include <signal/session_builder.h>
#include <signal/session_cipher.h>

#include <stdexcept>

namespace vestari::sim {

namespace {

using namespace synth;

using SessionBuilder = std::unique_ptr<session_builder, Freed<session_builder_free>>;
using SessionCipher = std::unique_ptr<session_cipher, Freed<session_cipher_free>>;
using GroupBuilder = std::unique_ptr<group_session_builder, Freed<group_session_builder_free>>;
using GroupCipher = std::unique_ptr<group_cipher, Freed<group_cipher_free>>;

void must(int result) { VESTARI_CHECK(result == SG_SUCCESS); }

template <class Owner, class Make> Owner made(Make make) {
    typename Owner::pointer raw = nullptr;
    must(make(&raw));
    return Owner{raw};
}

// A key that a client gave: not one of ours, so that it may be wrong.
SignalRef<ec_public_key> read_key(SignalContext& signal, const Bytes& bytes) {
    ec_public_key* raw = nullptr;
    if (curve_decode_point(&raw, data_of(bytes), bytes.size(), signal.get()) != SG_SUCCESS) {
        throw std::invalid_argument{"a key that is no point"};
    }
    return SignalRef<ec_public_key>{raw};
}

Bytes serialised(ciphertext_message* message) {
    const SignalRef<ciphertext_message> owned{message};
    return to_bytes(view_of(ciphertext_message_get_serialized(owned.get())));
}

constexpr std::int32_t any_device = 1;

signal_protocol_address address_of(const std::string& name) {
    return {name.data(), name.size(), any_device};
}

signal_protocol_sender_key_name own_sender_key(const std::string& group) {
    static const std::string me = "me";
    return {group.data(), group.size(), address_of(me)};
}

} // namespace

Handset::Handset(SignalContext& signal) : signal_{signal}, identity_{make_key_pair(signal)} {
    const auto registration = static_cast<std::uint32_t>(signal.random().between(1, 16380));
    store_ = std::make_unique<MemoryStore>(signal, registration, identity_.public_key,
                                           identity_.private_key);
    const KeyPair signed_key = make_key_pair(signal);
    bundle_ = {.registration_id = registration,
               .identity = identity_.public_key,
               .signed_id = 1,
               .signed_key = signed_key.public_key,
               .signature = sign(signed_key.public_key),
               .one_time_id = 0,
               .one_time_key = {}};
}

Bytes Handset::sign(BytesView message) const {
    const auto secret = made<SignalRef<ec_private_key>>([&](ec_private_key** out) {
        return curve_decode_private_point(out, data_of(identity_.private_key),
                                          identity_.private_key.size(), signal_.get());
    });
    const auto signature = made<SignalBuffer>([&](signal_buffer** out) {
        return curve_calculate_signature(signal_.get(), out, secret.get(), data_of(message),
                                         message.size());
    });
    return to_bytes(view_of(signature.get()));
}

bool Handset::knows(const std::string& to) const {
    return store_->sessions.contains(MemoryStore::name_of(address_of(to)));
}

void Handset::start_session(const std::string& to, const KeyBundle& theirs) {
    const auto identity = read_key(signal_, theirs.identity);
    const auto signed_key = read_key(signal_, theirs.signed_key);
    SignalRef<ec_public_key> one_time;
    if (theirs.one_time_id != 0) {
        one_time = read_key(signal_, theirs.one_time_key);
    }
    const auto bundle = made<SignalRef<session_pre_key_bundle>>([&](session_pre_key_bundle** out) {
        return session_pre_key_bundle_create(out, theirs.registration_id, any_device,
                                             theirs.one_time_id, one_time.get(), theirs.signed_id,
                                             signed_key.get(), data_of(theirs.signature),
                                             theirs.signature.size(), identity.get());
    });
    const signal_protocol_address address = address_of(to);
    const auto builder = made<SessionBuilder>([&](session_builder** out) {
        return session_builder_create(out, store_->get(), &address, signal_.get());
    });
    if (session_builder_process_pre_key_bundle(builder.get(), bundle.get()) != SG_SUCCESS) {
        throw std::invalid_argument{"a key bundle that the library refuses"};
    }
}

Bytes Handset::pairwise(const std::string& to, BytesView padded) {
    const signal_protocol_address address = address_of(to);
    const auto cipher = made<SessionCipher>([&](session_cipher** out) {
        return session_cipher_create(out, store_->get(), &address, signal_.get());
    });
    ciphertext_message* message = nullptr;
    must(session_cipher_encrypt(cipher.get(), data_of(padded), padded.size(), &message));
    VESTARI_CHECK(ciphertext_message_get_type(message) == CIPHERTEXT_PREKEY_TYPE);
    return serialised(message);
}

Bytes Handset::distribution(const std::string& group) {
    const auto name = own_sender_key(group);
    const auto builder = made<GroupBuilder>([&](group_session_builder** out) {
        return group_session_builder_create(out, store_->get(), signal_.get());
    });
    sender_key_distribution_message* message = nullptr;
    must(group_session_builder_create_session(builder.get(), &message, &name));
    return serialised(reinterpret_cast<ciphertext_message*>(message));
}

Bytes Handset::group(const std::string& group, BytesView padded) {
    const auto name = own_sender_key(group);
    const auto cipher = made<GroupCipher>([&](group_cipher** out) {
        return group_cipher_create(out, store_->get(), &name, signal_.get());
    });
    ciphertext_message* message = nullptr;
    must(group_cipher_encrypt(cipher.get(), data_of(padded), padded.size(), &message));
    return serialised(message);
}

Bytes typed(BytesView key) {
    Bytes out{std::byte{5}};
    append(out, key);
    return out;
}

BytesView untyped(BytesView key33) { return key33.subspan(1); }

bool signature_holds(SignalContext& signal, BytesView key32, BytesView message,
                     BytesView signature) {
    const Bytes encoded = typed(key32);
    ec_public_key* raw = nullptr;
    if (curve_decode_point(&raw, data_of(encoded), encoded.size(), signal.get()) != SG_SUCCESS) {
        return false;
    }
    const SignalRef<ec_public_key> key{raw};
    return curve_verify_signature(key.get(), data_of(message), message.size(), data_of(signature),
                                  signature.size()) == 1;
}

} // namespace vestari::sim
