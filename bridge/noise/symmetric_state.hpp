// The running hash and keys of a Noise handshake, in WhatsApp's form: nothing is hashed for the absent payload of the first message.
//
// Invariants  encrypt and decrypt come after the first mix_key; secrets stand in secret memory and are wiped with the state.
// Threads     one owner.
// Errors      decrypt: NoiseErrc::cannot_decrypt; the state is of no more use then.
// Source      wire/10-connection.md section 4.1; every step of noise_xx.json.
#pragma once

#include <optional>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"
#include "vestari/crypto/counted_cipher.hpp"
#include "vestari/crypto/curve.hpp"
#include "vestari/crypto/hash.hpp"

namespace vestari::noise {

inline constexpr std::string_view introduction{"WA\x06\x03", 4}; // the prologue too

class SymmetricState {
public:
    // Of Noise_XX_25519_AESGCM_SHA256, the prologue hashed. Older clients say another dictionary version in it.
    explicit SymmetricState(std::string_view prologue = introduction);

    void mix_hash(BytesView data);
    void mix_key(const crypto::SharedSecret& agreed);
    Bytes encrypt(BytesView plain);
    [[nodiscard]] Result<Bytes> decrypt(BytesView sealed);

    struct Keys {
        crypto::CountedKey client_to_server;
        crypto::CountedKey server_to_client;
    };
    Keys split() &&;

    const crypto::Digest& hash() const noexcept { return hash_; }

private:
    using ChainKey = crypto::SecretBytes<32, struct ChainKeyRole>;
    crypto::Digest hash_;
    ChainKey chain_;
    std::optional<crypto::CountedCipher> cipher_;
};

} // namespace vestari::noise
