#include "bridge/signal/device_keys.hpp"

#include <new>

#include <signal/session_pre_key.h>

#include "vestari/crypto/secret.hpp"

namespace vestari::signal {

namespace {

constexpr std::uint32_t highest_id = PRE_KEY_MEDIUM_MAX_VALUE;

template <class T> SignalRef<T> owned(int result, T* made) {
    if (result < 0) {
        throw std::bad_alloc{}; // keys of the right length only fail for want of memory
    }
    return SignalRef<T>{made};
}

// The pair as the library has it, if the halves belong together.
Result<SignalRef<ec_key_pair>> pair_of(const KeyPair& keys, signal_context* context) {
    ec_public_key* raw_public = nullptr;
    if (curve_decode_point(&raw_public, raw(keys.public_key), keys.public_key.size(), context) <
        0) {
        return SignalErrc::invalid_key;
    }
    const SignalRef<ec_public_key> public_key{raw_public};
    ec_private_key* raw_private = nullptr;
    const int decoded = curve_decode_private_point(&raw_private, raw(keys.private_key),
                                                   keys.private_key.size(), context);
    const SignalRef<ec_private_key> private_key = owned(decoded, raw_private);
    ec_public_key* raw_derived = nullptr;
    const int generated = curve_generate_public_key(&raw_derived, private_key.get());
    const SignalRef<ec_public_key> derived = owned(generated, raw_derived);
    if (ec_public_key_compare(derived.get(), public_key.get()) != 0) {
        return SignalErrc::invalid_key;
    }
    ec_key_pair* pair = nullptr;
    const int made = ec_key_pair_create(&pair, public_key.get(), private_key.get());
    return owned(made, pair);
}

template <class Record, class Serialise>
SignalBuffer serialised(const SignalRef<Record>& record, Serialise serialise) {
    signal_buffer* buffer = nullptr;
    if (serialise(&buffer, record.get()) < 0) {
        throw std::bad_alloc{};
    }
    return SignalBuffer{buffer};
}

Result<> store_signed(const DeviceKeys& keys, Context& context, ProtocolStores& stores) {
    const Result<SignalRef<ec_key_pair>> pair = pair_of(keys.signed_pre_key.keys, context.get());
    if (!pair || keys.signed_pre_key.id == 0 || keys.signed_pre_key.id > highest_id) {
        return SignalErrc::invalid_key;
    }
    session_signed_pre_key* made = nullptr;
    const auto now = static_cast<std::uint64_t>(stores.clock.now().time_since_epoch().count());
    const int result = session_signed_pre_key_create(
        &made, keys.signed_pre_key.id, now, pair->get(), raw(keys.signed_pre_key_signature),
        keys.signed_pre_key_signature.size());
    const SignalRef<session_signed_pre_key> record = owned(result, made);
    const SignalBuffer bytes = serialised(record, session_signed_pre_key_serialize);
    stores.signed_pre_keys.store(keys.signed_pre_key.id, view(bytes.get()));
    return {};
}

Result<> store_one_time(const PreKeyPair& key, Context& context, ProtocolStores& stores) {
    const Result<SignalRef<ec_key_pair>> pair = pair_of(key.keys, context.get());
    if (!pair || key.id == 0 || key.id > highest_id) {
        return SignalErrc::invalid_key;
    }
    session_pre_key* made = nullptr;
    const int result = session_pre_key_create(&made, key.id, pair->get());
    const SignalRef<session_pre_key> record = owned(result, made);
    const SignalBuffer bytes = serialised(record, session_pre_key_serialize);
    stores.pre_keys.store(key.id, view(bytes.get()), store::PreKeys::State::published);
    return {};
}

} // namespace

Result<> store_device_keys(const DeviceKeys& keys, Context& context, ProtocolStores& stores) {
    if (const auto pair = pair_of(keys.identity, context.get()); !pair) {
        return pair.error();
    }
    if (const Result<> done = store_signed(keys, context, stores); !done) {
        return done;
    }
    for (const PreKeyPair& key : keys.pre_keys) {
        if (const Result<> done = store_one_time(key, context, stores); !done) {
            return done;
        }
    }
    stores.device.set_identity(
        {keys.registration_id, keys.identity.public_key, keys.identity.private_key});
    return {};
}

} // namespace vestari::signal
