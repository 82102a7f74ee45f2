#include "bridge/link/code_keys.hpp"

#include "bridge/link/link_error.hpp"
#include "vestari/base/check.hpp"
#include "vestari/crypto/aead.hpp"
#include "vestari/crypto/hash.hpp"
#include "vestari/crypto/linking.hpp"

namespace vestari::link {

namespace {

constexpr std::string_view alphabet = "123456789ABCDEFGHJKLMNPQRSTVWXYZ"; // no 0, I, O, U
constexpr std::uint32_t rounds = 131'072;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t iv_bytes = 16;
constexpr std::string_view bundle_info = "link_code_pairing_key_bundle_encryption_key";
constexpr std::string_view adv_info = "adv_secret";

struct Wiped {
    Bytes bytes;
    ~Wiped() { crypto::wipe(bytes); }
};

template <class Secret> Secret derived(BytesView ikm, BytesView salt, std::string_view info) {
    return Secret::made_by([&](std::span<std::byte, key_bytes> out) {
        VESTARI_CHECK(crypto::hkdf_sha256(ikm, salt, as_bytes(info), out).has_value());
    });
}

} // namespace

std::string code_text(std::span<const std::byte, 5> random) {
    std::uint64_t bits = read_be<5>(random);
    std::string text(8, ' ');
    for (std::size_t i = text.size(); i-- > 0; bits >>= 5U) {
        text[i] = alphabet[bits & 31U];
    }
    return text;
}

CodeKey code_key(std::string_view code, std::span<const std::byte, 32> salt) {
    return CodeKey::made_by([&](std::span<std::byte, key_bytes> out) {
        crypto::pbkdf2_sha256(as_bytes(code), salt, rounds, out);
    });
}

WrappedKey wrap(std::string_view code, std::span<const std::byte, 48> salt_and_iv,
                const crypto::CurvePublicKey& key) {
    WrappedKey wrapped;
    std::ranges::copy(salt_and_iv, wrapped.begin());
    crypto::aes_256_ctr(code_key(code, salt_and_iv.first<key_bytes>()).expose(),
                        salt_and_iv.last<iv_bytes>(), key, std::span{wrapped}.last<key_bytes>());
    return wrapped;
}

crypto::CurvePublicKey unwrap(std::string_view code, std::span<const std::byte, 80> wrapped) {
    crypto::CurvePublicKey key;
    crypto::aes_256_ctr(code_key(code, wrapped.first<key_bytes>()).expose(),
                        wrapped.subspan<key_bytes, iv_bytes>(), wrapped.last<key_bytes>(), key);
    return key;
}

Result<SharedSecrets> agree(const CurvePair& own_ephemeral,
                            const crypto::CurvePublicKey& their_ephemeral,
                            const CurvePair& own_identity,
                            const crypto::CurvePublicKey& their_identity) {
    Result<crypto::SharedSecret> ephemeral =
        crypto::x25519(own_ephemeral.private_key, their_ephemeral);
    Result<crypto::SharedSecret> identity =
        crypto::x25519(own_identity.private_key, their_identity);
    if (!ephemeral || !identity) {
        return LinkErrc::weak_key;
    }
    return SharedSecrets{std::move(*ephemeral), std::move(*identity)};
}

CodeKey bundle_key(const SharedSecrets& shared, std::span<const std::byte, 32> salt) {
    return derived<CodeKey>(shared.ephemeral.expose(), salt, bundle_info);
}

KeyBundle seal_bundle(const SharedSecrets& shared, const crypto::CurvePublicKey& own_identity,
                      const crypto::CurvePublicKey& their_identity, const AdvRandom& random) {
    Wiped plain;
    plain.bytes.reserve(3 * key_bytes); // never moved
    append(plain.bytes, BytesView{own_identity});
    append(plain.bytes, BytesView{their_identity});
    append(plain.bytes, BytesView{random.expose()});
    KeyBundle bundle;
    const std::span<std::byte, key_bytes> salt = std::span{bundle}.first<key_bytes>();
    crypto::fill_random(salt);
    crypto::aead_seal_into(bundle_key(shared, salt).expose(), plain.bytes, {},
                           std::span{bundle}.subspan<key_bytes>());
    return bundle;
}

AdvSecret adv_secret(const SharedSecrets& shared, const AdvRandom& random) {
    Wiped ikm;
    ikm.bytes.reserve(3 * key_bytes); // never moved
    append(ikm.bytes, BytesView{shared.ephemeral.expose()});
    append(ikm.bytes, BytesView{shared.identity.expose()});
    append(ikm.bytes, BytesView{random.expose()});
    return derived<AdvSecret>(ikm.bytes, std::array<std::byte, key_bytes>{}, adv_info);
}

} // namespace vestari::link
