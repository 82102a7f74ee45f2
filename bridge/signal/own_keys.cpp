#include "bridge/signal/own_keys.hpp"

#include <new>

#include <signal/session_pre_key.h>

#include "bridge/signal/context.hpp"
#include "bridge/store/device.hpp"
#include "vestari/base/check.hpp"
#include "vestari/crypto/curve.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::signal {

namespace {

constexpr std::uint32_t highest_id = PRE_KEY_MEDIUM_MAX_VALUE;
constexpr std::byte key_type{5};

template <class T> SignalRef<T> owned(int result, T* made) {
    if (result < 0) {
        throw std::bad_alloc{}; // keys of the right length only fail for want of memory
    }
    return SignalRef<T>{made};
}

[[noreturn]] void damaged() {
    throw boost::system::system_error{make_error_code(store::StoreErrc::damaged_record)};
}

std::array<std::byte, 32> without_type(BytesView key) {
    if (key.size() != 33 || key.front() != key_type) {
        damaged();
    }
    std::array<std::byte, 32> bare{};
    std::ranges::copy(key.subspan(1), bare.begin());
    return bare;
}

std::array<std::byte, 32> public_half(ec_key_pair* pair) {
    signal_buffer* buffer = nullptr;
    if (ec_public_key_serialize(&buffer, ec_key_pair_get_public(pair)) < 0) {
        throw std::bad_alloc{};
    }
    const SignalBuffer bytes{buffer};
    return without_type(view(bytes.get()));
}

} // namespace

struct OwnKeys::Parts {
    explicit Parts(store::SessionDatabase& sessions)
        : pre_keys{sessions}, signed_pre_keys{sessions}, device{sessions} {}

    PublicPreKey make(std::uint32_t id, store::PreKeys::State state);
    std::uint32_t next_id() const;

    Context context;
    store::PreKeys pre_keys;
    store::SignedPreKeys signed_pre_keys;
    store::Device device;
};

OwnKeys::OwnKeys(store::SessionDatabase& database) : parts_{std::make_unique<Parts>(database)} {}
OwnKeys::~OwnKeys() = default;

std::optional<PublicDeviceKeys> OwnKeys::device() const {
    const std::vector<std::uint32_t> ids = parts_->signed_pre_keys.ids();
    const std::optional<store::LocalIdentity> identity = parts_->device.identity();
    if (!identity || ids.empty()) {
        return std::nullopt;
    }
    std::optional<Bytes> stored = parts_->signed_pre_keys.load(ids.back());
    session_signed_pre_key* made = nullptr;
    const int result = session_signed_pre_key_deserialize(&made, raw(*stored), stored->size(),
                                                          parts_->context.get());
    crypto::wipe(*stored);
    if (result < 0) {
        damaged();
    }
    const SignalRef<session_signed_pre_key> record{made};
    PublicDeviceKeys keys;
    keys.registration_id = identity->registration_id;
    keys.identity = without_type(identity->public_key);
    keys.signed_pre_key.id = session_signed_pre_key_get_id(made);
    keys.signed_pre_key.key = public_half(session_signed_pre_key_get_key_pair(made));
    const BytesView signature{
        reinterpret_cast<const std::byte*>(session_signed_pre_key_get_signature(made)),
        session_signed_pre_key_get_signature_len(made)};
    if (signature.size() != keys.signature.size()) {
        damaged();
    }
    std::ranges::copy(signature, keys.signature.begin());
    return keys;
}

// After the last id that there ever was; around the end to the lowest that is free.
std::uint32_t OwnKeys::Parts::next_id() const {
    const std::uint32_t last = pre_keys.highest_id_ever();
    if (last < highest_id) {
        return last + 1;
    }
    std::uint32_t id = 1;
    for (const std::uint32_t used : pre_keys.ids()) {
        if (used != id) {
            break;
        }
        ++id;
    }
    VESTARI_CHECK(id <= highest_id); // sixteen million keys at once
    return id;
}

PublicPreKey OwnKeys::Parts::make(std::uint32_t id, store::PreKeys::State state) {
    auto secret = crypto::CurvePrivateKey::random();
    ec_private_key* raw_private = nullptr;
    const auto bytes = secret.expose();
    const int decoded =
        curve_decode_private_point(&raw_private, raw(bytes), bytes.size(), context.get());
    const SignalRef<ec_private_key> private_key = owned(decoded, raw_private);
    ec_public_key* raw_public = nullptr;
    const int generated = curve_generate_public_key(&raw_public, private_key.get());
    const SignalRef<ec_public_key> public_key = owned(generated, raw_public);
    ec_key_pair* raw_pair = nullptr;
    const int paired = ec_key_pair_create(&raw_pair, public_key.get(), private_key.get());
    const SignalRef<ec_key_pair> pair = owned(paired, raw_pair);
    session_pre_key* made = nullptr;
    const int created = session_pre_key_create(&made, id, pair.get());
    const SignalRef<session_pre_key> record = owned(created, made);
    signal_buffer* buffer = nullptr;
    if (session_pre_key_serialize(&buffer, record.get()) < 0) {
        throw std::bad_alloc{};
    }
    const SignalBuffer serialised{buffer};
    pre_keys.store(id, view(serialised.get()), state);
    return {id, public_half(pair.get())};
}

std::vector<PublicPreKey> OwnKeys::make_pre_keys(std::size_t count, store::PreKeys::State state) {
    std::vector<PublicPreKey> made;
    made.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        made.push_back(parts_->make(parts_->next_id(), state));
    }
    return made;
}

std::vector<PublicPreKey> OwnKeys::fresh(std::size_t limit) const {
    std::vector<PublicPreKey> keys;
    for (store::PreKeys::Row& row : parts_->pre_keys.fresh(limit)) {
        session_pre_key* made = nullptr;
        const int result = session_pre_key_deserialize(&made, raw(row.record), row.record.size(),
                                                       parts_->context.get());
        crypto::wipe(row.record);
        if (result < 0) {
            damaged();
        }
        const SignalRef<session_pre_key> record{made};
        keys.push_back({row.id, public_half(session_pre_key_get_key_pair(made))});
    }
    return keys;
}

} // namespace vestari::signal
