#include "tests/sim/accounts/person.hpp"

#include "tests/sim/base/fields.hpp"
#include "tests/synth/message/protobuf_writer.hpp"
#include "vestari/crypto/hash.hpp"

namespace vestari::sim {

namespace {

using synth::ProtobufWriter;

constexpr std::array account_prefix{std::byte{6}, std::byte{0}};
constexpr std::array device_prefix{std::byte{6}, std::byte{1}};

Bytes joined(std::initializer_list<BytesView> parts) {
    Bytes out;
    for (const BytesView part : parts) {
        append(out, part);
    }
    return out;
}

Bytes copied(const Fields& fields, std::uint32_t field) {
    return to_bytes(fields.bytes(field).value_or(BytesView{}));
}

} // namespace

std::string Companion::address() const { return fmt::format("{}:{}", person->name, number); }
Jid Companion::pn() const { return person->pn.with_device(number); }
Jid Companion::lid() const { return person->lid.with_device(number); }

KeyBundle Companion::take_bundle() {
    KeyBundle bundle{.registration_id = registration_id,
                     .identity = typed(identity),
                     .signed_id = signed_key.id,
                     .signed_key = typed(signed_key.key),
                     .signature = signed_key.signature,
                     .one_time_id = 0,
                     .one_time_key = {}};
    if (!one_time_keys.empty()) {
        bundle.one_time_id = one_time_keys.front().id;
        bundle.one_time_key = typed(one_time_keys.front().key);
        one_time_keys.pop_front();
    }
    return bundle;
}

std::optional<Registration> registration_in(BytesView client_payload) {
    const Fields payload{client_payload};
    if (!payload.has(19) || payload.has(1) || payload.has(18)) {
        return std::nullopt;
    }
    const Fields data = payload.inside(19);
    const Bytes id = copied(data, 1);
    const Bytes signed_id = copied(data, 4);
    Registration found{
        .registration_id = 0,
        .identity = copied(data, 3),
        .signed_key = {.id = 0, .key = copied(data, 5), .signature = copied(data, 6)},
        .device_props = copied(data, 8),
        .revision = static_cast<std::uint32_t>(payload.inside(5).inside(2).number(3).value_or(0))};
    if (id.size() != 4 || signed_id.size() != 3 || found.identity.size() != 32 ||
        found.signed_key.key.size() != 32 || found.signed_key.signature.size() != 64 ||
        copied(data, 2) != Bytes{std::byte{5}} || copied(data, 7).size() != 16) {
        return std::nullopt;
    }
    found.registration_id = static_cast<std::uint32_t>(read_be<4>(id));
    found.signed_key.id = static_cast<std::uint32_t>(read_be<3>(signed_id));
    return found;
}

Bytes sign_companion(const Person& person, BytesView identity, std::uint16_t key_index,
                     std::uint64_t seconds) {
    const Bytes details = ProtobufWriter{}
                              .varint(1, 2'718'281)
                              .varint(2, seconds)
                              .varint(3, key_index)
                              .varint(4, 0)
                              .varint(5, 0)
                              .done();
    const BytesView account_key = untyped(person.phone->identity().public_key);
    const Bytes signature = person.phone->sign(joined({account_prefix, details, identity}));
    return ProtobufWriter{}.bytes(1, details).bytes(2, account_key).bytes(3, signature).done();
}

Bytes sealed_for(BytesView adv_secret, const Bytes& signed_identity) {
    const crypto::Digest mac = crypto::hmac_sha256(adv_secret, signed_identity);
    return ProtobufWriter{}.bytes(1, signed_identity).bytes(2, mac).varint(3, 0).done();
}

std::optional<Bytes> countersigned(synth::SignalContext& signal, const Person& person,
                                   BytesView identity, const Bytes& sent, BytesView answer) {
    const Fields ours{sent};
    const Fields theirs{answer};
    const Bytes details = copied(ours, 1);
    const BytesView account_key = untyped(person.phone->identity().public_key);
    const Bytes signature = copied(theirs, 4);
    if (!theirs.whole() || theirs.has(2) || copied(theirs, 1) != details ||
        copied(theirs, 3) != copied(ours, 3) || signature.size() != 64 ||
        !signature_holds(signal, identity, joined({device_prefix, details, identity, account_key}),
                         signature)) {
        return std::nullopt;
    }
    return ProtobufWriter{}
        .bytes(1, details)
        .bytes(2, account_key)
        .bytes(3, copied(ours, 3))
        .bytes(4, signature)
        .done();
}

} // namespace vestari::sim
