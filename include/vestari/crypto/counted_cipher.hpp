// AES-256-GCM whose nonce is a counter that both ends keep, as Noise uses it: ciphertext ‖ tag (16), the nonce is not sent.
//
// Invariants  every call takes the next nonce, sealing and opening alike, and the counter refuses to wrap; a nonce is never an
//             argument. The key stands in secret memory and in no context after the call. Plaintext is handed out only after
//             the tag was verified.
// Threads     one owner.
// Errors      CryptoErrc::wrong_key_or_tampered, nonces_used_up. After an error the two ends disagree: end the connection.
// Source      wire/10-connection.md sections 4.1 and 4.4; SP 800-38D section 8.2.1.
#pragma once

#include <memory>
#include <span>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"
#include "vestari/crypto/aead.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::crypto {

using CountedKey = SecretBytes<32, struct CountedKeyRole>;

class CountedCipher {
public:
    explicit CountedCipher(CountedKey key);
    CountedCipher(CountedCipher&&) noexcept;
    CountedCipher& operator=(CountedCipher&&) noexcept;
    CountedCipher(const CountedCipher&) = delete;
    CountedCipher& operator=(const CountedCipher&) = delete;
    ~CountedCipher();

    // `out` has plain.size() + aead_tag_bytes bytes and does not overlap `plain`.
    [[nodiscard]] Result<> seal_into(BytesView plain, BytesView aad, std::span<std::byte> out);
    [[nodiscard]] Result<Bytes> seal(BytesView plain, BytesView aad);
    [[nodiscard]] Result<Bytes> open(BytesView sealed, BytesView aad);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace vestari::crypto
