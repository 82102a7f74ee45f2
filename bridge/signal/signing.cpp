#include "bridge/signal/signing.hpp"

#include <stdexcept>

#include <signal/curve.h>

#include "bridge/signal/context.hpp"

namespace vestari::signal {

namespace {

constexpr std::byte key_type{0x05};
constexpr std::byte device_signature[] = {std::byte{0x06}, std::byte{0x01}};

void require(bool ok) {
    if (!ok) {
        throw std::runtime_error{"the Signal library cannot sign"};
    }
}

Signature sign(const crypto::CurvePrivateKey& key, BytesView message) {
    const Context context;
    ec_private_key* decoded = nullptr;
    const int result = curve_decode_private_point(&decoded, raw(key.expose()),
                                                  crypto::CurvePrivateKey::size, context.get());
    const SignalRef<ec_private_key> private_key{result < 0 ? nullptr : decoded};
    require(private_key != nullptr);
    signal_buffer* made = nullptr;
    const int made_result = curve_calculate_signature(context.get(), &made, private_key.get(),
                                                      raw(message), message.size());
    const SignalBuffer buffer{made_result < 0 ? nullptr : made};
    Signature signature;
    require(buffer != nullptr && view(buffer.get()).size() == signature.size());
    std::ranges::copy(view(buffer.get()), signature.begin());
    return signature;
}

} // namespace

Signature sign_pre_key(const SigningIdentity& identity, const crypto::CurvePublicKey& pre_key) {
    Bytes message{key_type};
    append(message, BytesView{pre_key});
    return sign(identity.private_key, message);
}

Signature sign_device(const SigningIdentity& identity, BytesView details,
                      std::span<const std::byte, 32> account_key) {
    Bytes message = to_bytes(BytesView{device_signature});
    append(message, details);
    append(message, BytesView{identity.public_key});
    append(message, BytesView{account_key});
    return sign(identity.private_key, message);
}

} // namespace vestari::signal
