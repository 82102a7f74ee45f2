#include "bridge/noise/symmetric_state.hpp"

#include "bridge/noise/errors.hpp"
#include "vestari/base/check.hpp"

namespace vestari::noise {

namespace {

// Exactly 32 bytes with its padding, and so the first hash and the first chain key as it stands.
constexpr std::string_view protocol_name{"Noise_XX_25519_AESGCM_SHA256\0\0\0\0", 32};

using KeyPair = crypto::SecretBytes<64, struct KeyPairRole>;

KeyPair derive(BytesView ikm, BytesView salt) {
    return KeyPair::made_by([&](std::span<std::byte, 64> out) {
        VESTARI_CHECK(crypto::hkdf_sha256(ikm, salt, {}, std::span<std::byte>{out}).has_value());
    });
}

template <class Key> Key half(const KeyPair& pair, std::size_t offset) {
    return Key::made_by([&](std::span<std::byte, 32> out) {
        std::ranges::copy(pair.expose().subspan(offset, 32), out.begin());
    });
}

} // namespace

SymmetricState::SymmetricState(std::string_view prologue)
    : chain_{ChainKey::made_by([](std::span<std::byte, 32> out) {
          std::ranges::copy(as_bytes(protocol_name), out.begin());
      })} {
    std::ranges::copy(as_bytes(protocol_name), hash_.begin());
    mix_hash(as_bytes(prologue));
}

void SymmetricState::mix_hash(BytesView data) {
    crypto::Sha256 hash;
    hash.update(hash_);
    hash.update(data);
    hash_ = hash.finish();
}

void SymmetricState::mix_key(const crypto::SharedSecret& agreed) {
    const KeyPair pair = derive(agreed.expose(), chain_.expose());
    chain_ = half<ChainKey>(pair, 0);
    cipher_.emplace(half<crypto::CountedKey>(pair, 32));
}

Bytes SymmetricState::encrypt(BytesView plain) {
    VESTARI_CHECK(cipher_.has_value());
    Result<Bytes> sealed = cipher_->seal(plain, hash_);
    VESTARI_CHECK(sealed.has_value()); // a key of the handshake encrypts twice at most
    mix_hash(*sealed);
    return std::move(*sealed);
}

Result<Bytes> SymmetricState::decrypt(BytesView sealed) {
    VESTARI_CHECK(cipher_.has_value());
    Result<Bytes> plain = cipher_->open(sealed, hash_);
    if (!plain) {
        return NoiseErrc::cannot_decrypt;
    }
    mix_hash(sealed);
    return plain;
}

SymmetricState::Keys SymmetricState::split() && {
    const KeyPair pair = derive({}, chain_.expose());
    return {half<crypto::CountedKey>(pair, 0), half<crypto::CountedKey>(pair, 32)};
}

} // namespace vestari::noise
