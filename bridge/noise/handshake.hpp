// The client's side of Noise XX as WhatsApp speaks it: hello() is written, the server's answer is given to finish(), and what comes
// of it are the two halves of the connection.
//
//     ClientHandshake handshake{device_key, whatsapp_root, routing_info};
//     write(handshake.hello());
//     Result<Finished> finished = std::move(handshake).finish(first_frame, client_payload, clock.now());
//
// Invariants  one connection, one object, one ephemeral key, made here and wiped with the object. The server's certificate chain is
//             verified completely before anything is computed that is sent. The payload is encrypted to a verified server only.
// Threads     one owner.
// Errors      finish: NoiseErrc; the connection is to be closed. NoiseErrc::clock_problem: only the time was wrong.
// Source      wire/10-connection.md sections 2.2, 4.1, 4.2; tests/vectors/connection/noise_xx.json.
#pragma once

#include <cstddef>

#include "bridge/noise/certificate.hpp"
#include "bridge/noise/symmetric_state.hpp"
#include "bridge/noise/transport.hpp"
#include "vestari/base/bytes.hpp"
#include "vestari/base/clock.hpp"
#include "vestari/base/result.hpp"
#include "vestari/crypto/curve.hpp"

namespace vestari::noise {

using StaticKey = crypto::NoiseKeyPair; // of the device, made once

inline constexpr std::size_t max_routing_info = 1024; // a longer one is ignored

struct Finished {
    Bytes client_finish; // with its length before it; to be written before anything else
    Sealing sealing;
    Opening opening;
};

class ClientHandshake {
public:
    // routing_info: what the server named on an earlier connection, or nothing. Keeps copies of all three.
    ClientHandshake(const StaticKey& device, const RootKey& root, BytesView routing_info);
    ClientHandshake(ClientHandshake&&) noexcept = default;
    ClientHandshake& operator=(ClientHandshake&&) noexcept = default;
    ClientHandshake(const ClientHandshake&) = delete;
    ClientHandshake& operator=(const ClientHandshake&) = delete;
    ~ClientHandshake() = default;

    // The first bytes of the connection: routing prefix, introduction, first frame.
    Bytes hello() const;

    // `server_hello`: the first frame that arrived, without its length.
    [[nodiscard]] Result<Finished> finish(BytesView server_hello, BytesView client_payload,
                                          TimePoint now) &&;

private:
    friend struct KnownEphemeral; // defined by the test of the published transcript, nowhere else
    ClientHandshake(const StaticKey& device, const RootKey& root, BytesView routing_info,
                    crypto::NoiseKeyPair ephemeral);
    [[nodiscard]] Result<> agree(const crypto::NoisePrivateKey& own, BytesView theirs);

    SymmetricState state_;
    StaticKey device_;
    crypto::NoiseKeyPair ephemeral_;
    RootKey root_;
    Bytes routing_info_;
};

} // namespace vestari::noise
