#include "bridge/signal/published_keys.hpp"

#include <stdexcept>

#include <signal/session_pre_key.h>

#include "bridge/signal/context.hpp"
#include "bridge/store/device.hpp"
#include "bridge/store/signal_records.hpp"

namespace vestari::signal {

namespace {

constexpr std::size_t typed_key_bytes = 33; // 05, then the key

[[noreturn]] void damaged() {
    throw boost::system::system_error{make_error_code(store::StoreErrc::damaged_record)};
}

void require(bool ok) {
    if (!ok) {
        throw std::runtime_error{"the Signal library cannot make a key"};
    }
}

SignalRef<ec_key_pair> new_pair(const Context& context) {
    ec_key_pair* pair = nullptr;
    require(curve_generate_key_pair(context.get(), &pair) == SG_SUCCESS);
    return SignalRef<ec_key_pair>{pair};
}

crypto::CurvePublicKey public_half(const ec_key_pair* pair) {
    signal_buffer* serialised = nullptr;
    require(ec_public_key_serialize(&serialised, ec_key_pair_get_public(pair)) == SG_SUCCESS);
    const SignalBuffer buffer{serialised};
    require(view(buffer.get()).size() == typed_key_bytes);
    crypto::CurvePublicKey key{};
    std::ranges::copy(view(buffer.get()).subspan(1), key.begin());
    return key;
}

template <class Record, class Serialise>
SignalBuffer serialised(const SignalRef<Record>& record, Serialise serialise) {
    signal_buffer* buffer = nullptr;
    require(serialise(&buffer, record.get()) == SG_SUCCESS);
    return SignalBuffer{buffer};
}

// Wipes the record.
PublicPreKey read_one_time(std::uint32_t id, Bytes& record, const Context& context) {
    session_pre_key* parsed = nullptr;
    const int result =
        session_pre_key_deserialize(&parsed, raw(record), record.size(), context.get());
    crypto::wipe(record);
    if (result < 0) {
        damaged();
    }
    const SignalRef<session_pre_key> key{parsed};
    return {id, public_half(session_pre_key_get_key_pair(parsed))};
}

PublishedKeys::Signed read_signed(std::uint32_t id, BytesView record, const Context& context) {
    session_signed_pre_key* parsed = nullptr;
    if (session_signed_pre_key_deserialize(&parsed, raw(record), record.size(), context.get()) <
        0) {
        damaged();
    }
    const SignalRef<session_signed_pre_key> key{parsed};
    PublishedKeys::Signed read{};
    read.id = id;
    read.key = public_half(session_signed_pre_key_get_key_pair(parsed));
    read.made_at = TimePoint{std::chrono::milliseconds{
        static_cast<std::int64_t>(session_signed_pre_key_get_timestamp(parsed))}};
    const BytesView signature{
        reinterpret_cast<const std::byte*>(session_signed_pre_key_get_signature(parsed)),
        session_signed_pre_key_get_signature_len(parsed)};
    if (signature.size() != read.signature.size()) {
        damaged();
    }
    std::ranges::copy(signature, read.signature.begin());
    return read;
}

} // namespace

std::vector<PublicPreKey> PublishedKeys::one_time(std::span<const std::uint32_t> ids) const {
    const Context context;
    const store::PreKeys keys{database_};
    std::vector<PublicPreKey> found;
    for (const std::uint32_t id : ids) {
        if (std::optional<Bytes> record = keys.load(id)) {
            found.push_back(read_one_time(id, *record, context));
        }
    }
    return found;
}

void PublishedKeys::mark_published(std::uint32_t id) {
    store::PreKeys{database_}.mark_published(id);
}

PublishedKeys::Signed PublishedKeys::make_signed() {
    std::optional<store::LocalIdentity> identity = store::Device{database_}.identity();
    VESTARI_CHECK(identity.has_value());
    crypto::CurvePublicKey public_key{};
    std::ranges::copy(BytesView{identity->public_key}.subspan(1), public_key.begin());
    const auto private_key =
        crypto::CurvePrivateKey::take(std::span<std::byte, 32>{identity->private_key});

    store::SignedPreKeys keys{database_};
    const std::vector<std::uint32_t> ids = keys.ids();
    const std::uint32_t id = ids.empty() ? 1 : ids.back() % last_id + 1;
    const Context context;
    const SignalRef<ec_key_pair> pair = new_pair(context);
    Signed made{id, public_half(pair.get()), {}, clock_.now()};
    made.signature = sign_pre_key({private_key, public_key}, made.key);
    session_signed_pre_key* created = nullptr;
    require(session_signed_pre_key_create(
                &created, id, static_cast<std::uint64_t>(made.made_at.time_since_epoch().count()),
                pair.get(), raw(made.signature), made.signature.size()) == SG_SUCCESS);
    const SignalRef<session_signed_pre_key> record{created};
    const SignalBuffer bytes = serialised(record, session_signed_pre_key_serialize);
    keys.store(id, view(bytes.get()));
    return made;
}

std::optional<PublishedKeys::Signed> PublishedKeys::signed_key(std::uint32_t id) const {
    std::optional<Bytes> record = store::SignedPreKeys{database_}.load(id);
    if (!record) {
        return std::nullopt;
    }
    const Context context;
    Signed read = read_signed(id, *record, context);
    crypto::wipe(*record);
    return read;
}

std::optional<PublishedKeys::Signed> PublishedKeys::newest_signed() const {
    const std::vector<std::uint32_t> ids = store::SignedPreKeys{database_}.ids();
    return ids.empty() ? std::nullopt : signed_key(ids.back());
}

} // namespace vestari::signal
