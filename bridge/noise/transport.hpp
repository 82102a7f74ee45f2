// The two halves of an encrypted connection. Reading is free; writing belongs to the one class through which stanzas leave.
//
// Invariants  each half has its own key and counter, both made by a handshake that verified the server; frames are sealed in the
//             order in which they are to be written. After a frame that does not open, nothing opens any more.
// Threads     one owner each.
// Errors      open: NoiseErrc::cannot_decrypt. seal: frame_too_large, CryptoErrc::nonces_used_up. All of them end the connection.
// Source      wire/10-connection.md section 4.4; DESIGN section 4 (only the Port can write).
#pragma once

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"
#include "vestari/crypto/counted_cipher.hpp"

namespace vestari::outbound {
class Port;
} // namespace vestari::outbound

namespace vestari::noise {

class Sealing {
public:
    Sealing(Sealing&&) noexcept = default;
    Sealing& operator=(Sealing&&) noexcept = default;
    Sealing(const Sealing&) = delete;
    Sealing& operator=(const Sealing&) = delete;
    ~Sealing() = default;

private:
    friend class vestari::outbound::Port;
    friend class ClientHandshake;
    explicit Sealing(crypto::CountedKey key) : cipher_{std::move(key)} {}

    // The encrypted frame with its length before it, as it is to be written.
    [[nodiscard]] Result<Bytes> seal(BytesView plain);

    crypto::CountedCipher cipher_;
};

class Opening {
public:
    // `frame` without its length.
    [[nodiscard]] Result<Bytes> open(BytesView frame);

private:
    friend class ClientHandshake;
    explicit Opening(crypto::CountedKey key) : cipher_{std::move(key)} {}

    crypto::CountedCipher cipher_;
    bool broken_ = false;
};

} // namespace vestari::noise
