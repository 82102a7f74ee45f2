#include "bridge/link/device.hpp"

#include "bridge/link/link_error.hpp"
#include "bridge/signal/decryptor.hpp"
#include "bridge/store/device.hpp"

namespace vestari::link {

namespace {

constexpr std::string_view device_name =
    "link.device"; // noise ‖ signed pre-key: id, public, signature
constexpr std::string_view adv_name = "link.adv";
constexpr std::size_t key_bytes = 32;
constexpr std::size_t device_bytes = key_bytes + 4 + key_bytes + 64;
constexpr std::uint32_t highest_registration_id = 16380;
constexpr std::uint32_t first_signed_pre_key = 1;
constexpr std::byte key_type{0x05};

struct Wiped {
    Bytes bytes;
    ~Wiped() { crypto::wipe(bytes); }
};

std::uint32_t random_registration_id() {
    // The remainder's bias, 16380 of 2^64, is nobody's business.
    std::array<std::byte, 8> random{};
    crypto::fill_random(random);
    return static_cast<std::uint32_t>(read_be<8>(random) % highest_registration_id) + 1;
}

signal::KeyPair with_type(const CurvePair& pair) {
    signal::KeyPair keys;
    keys.public_key.front() = key_type;
    std::ranges::copy(pair.public_key, keys.public_key.begin() + 1);
    std::ranges::copy(pair.private_key.expose(), keys.private_key.begin());
    return keys;
}

Bytes device_record(const DeviceSecrets& device) {
    Bytes record;
    record.reserve(device_bytes); // so that no copy of the key stays behind
    append(record, BytesView{device.noise.private_key.expose()});
    append_be32(record, device.signed_pre_key.id);
    append(record, BytesView{device.signed_pre_key.public_key});
    append(record, BytesView{device.signed_pre_key.signature});
    return record;
}

SignedPreKeyOffer offer_in(BytesView record) {
    SignedPreKeyOffer offer;
    offer.id = static_cast<std::uint32_t>(read_be<4>(record));
    std::ranges::copy(record.subspan(4, key_bytes), offer.public_key.begin());
    std::ranges::copy(record.subspan(4 + key_bytes), offer.signature.begin());
    return offer;
}

bool consistent(const DeviceSecrets& device, const store::LocalIdentity& identity) {
    Bytes signed_bytes{key_type};
    append(signed_bytes, BytesView{device.signed_pre_key.public_key});
    return device.registration_id != 0 && identity.public_key.front() == key_type &&
           std::ranges::equal(BytesView{identity.public_key}.subspan(1),
                              device.identity.public_key) &&
           crypto::xeddsa_verify(device.identity.public_key, signed_bytes,
                                 device.signed_pre_key.signature);
}

DeviceSecrets new_secrets(CurvePair identity, const CurvePair& signed_pre_key) {
    const signal::SigningIdentity signing{identity.private_key, identity.public_key};
    SignedPreKeyOffer offer{first_signed_pre_key, signed_pre_key.public_key,
                            signal::sign_pre_key(signing, signed_pre_key.public_key)};
    return {crypto::NoiseKeyPair::generate(), std::move(identity), random_registration_id(), offer,
            AdvSecret::random()};
}

Result<> install(store::SessionDatabase& database, const Clock& clock, const DeviceSecrets& device,
                 const CurvePair& signed_pre_key) {
    signal::DeviceKeys keys;
    keys.registration_id = device.registration_id;
    keys.identity = with_type(device.identity);
    keys.signed_pre_key = {device.signed_pre_key.id, with_type(signed_pre_key)};
    keys.signed_pre_key_signature = device.signed_pre_key.signature;
    signal::Decryptor decryptor{database, clock};
    return decryptor.install(keys);
}

} // namespace

CurvePair CurvePair::create() {
    return of(crypto::CurvePrivateKey::made_by([](std::span<std::byte, key_bytes> key) {
        crypto::fill_random_private(key);
        key.front() &= std::byte{0xf8};
        key.back() = (key.back() & std::byte{0x7f}) | std::byte{0x40};
    }));
}

CurvePair CurvePair::of(crypto::CurvePrivateKey private_key) {
    const crypto::CurvePublicKey public_key = crypto::x25519_public(private_key);
    return {std::move(private_key), public_key};
}

Result<std::optional<DeviceSecrets>> load_device(store::SessionDatabase& database) {
    const store::Device values{database};
    Wiped record{values.get(device_name).value_or(Bytes{})};
    Wiped adv{values.get(adv_name).value_or(Bytes{})};
    std::optional<store::LocalIdentity> identity = values.identity();
    if (record.bytes.empty() && adv.bytes.empty() && !identity) {
        return std::optional<DeviceSecrets>{};
    }
    if (record.bytes.size() != device_bytes || adv.bytes.size() != AdvSecret::size || !identity) {
        return LinkErrc::damaged_device;
    }
    const std::span<std::byte> whole{record.bytes};
    DeviceSecrets device{
        crypto::NoiseKeyPair::of(crypto::NoisePrivateKey::take(whole.first<key_bytes>())),
        CurvePair::of(crypto::CurvePrivateKey::take(std::span{identity->private_key})),
        identity->registration_id, offer_in(whole.subspan(key_bytes)),
        AdvSecret::take(std::span<std::byte, AdvSecret::size>{adv.bytes})};
    if (!consistent(device, *identity)) {
        return LinkErrc::damaged_device;
    }
    return std::optional{std::move(device)};
}

Result<DeviceSecrets> open_device(store::SessionDatabase& database, const Clock& clock) {
    Result<std::optional<DeviceSecrets>> stored = load_device(database);
    if (!stored) {
        return stored.error();
    }
    if (*stored) {
        return std::move(**stored);
    }
    const CurvePair signed_pre_key = CurvePair::create();
    DeviceSecrets device = new_secrets(CurvePair::create(), signed_pre_key);
    store::Savepoint all{database};
    if (const Result<> done = install(database, clock, device, signed_pre_key); !done) {
        return done.error();
    }
    const Wiped record{device_record(device)};
    store::Device{database}.put(device_name, record.bytes);
    replace_adv_secret(database, device.adv_secret);
    all.release();
    return device;
}

void replace_adv_secret(store::SessionDatabase& database, const AdvSecret& secret) {
    store::Device{database}.put(adv_name, secret.expose());
}

} // namespace vestari::link
