// A client of the service for the service's own tests: Noise by hand, keys from a seed, libsignal to open what it gets. It shares no
// session code with the bridge.
//
// Invariants  take() hands out every stanza that arrived, in order; a frame that does not open or decode counts in `unreadable`.
// Threads     one owner.
// Source      wire/10-connection.md sections 4, 7 and 8.
#pragma once

#include "tests/sim/base/tree.hpp"
#include "tests/sim/service.hpp"
#include "tests/support/noise_responder.hpp"
#include "tests/synth/sender/device.hpp"

namespace vestari::sim::test_client {

class Client {
public:
    Client(Service& service, std::uint64_t seed);

    Instant now{};
    std::string jid, lid; // after pair-success or success
    std::size_t unreadable = 0;
    Ending ending = Ending::none;

    void connect(BytesView client_payload); // up to the first transport frame
    void drop();                            // closes the socket
    void advance(std::chrono::milliseconds by);
    void send(const Stanza& stanza);
    std::vector<Stanza> take();
    // The first of that tag that arrives; the others before it are dropped. Null tag: none came.
    Stanza wait_for(std::string_view tag);

    Bytes registration() const;
    Bytes login() const;
    std::string qr(std::string_view ref) const;
    Bytes pair_answer(const Stanza& pair_success);  // ADVSignedDeviceIdentity, signed
    Stanza upload() const;                          // the pre-keys
    void link(const std::string& person = "owner"); // QR, pair-success, 515, all at once
    void log_in();                                  // and upload, and active

    synth::SignalContext signal;
    synth::DeviceKeys keys;
    synth::Receiver receiver;
    Bytes adv_secret;

private:
    void pull();

    Service& service_;
    Link* link_ = nullptr;
    std::uint64_t seed_;
    crypto::NoiseKeyPair noise_;
    std::optional<crypto::CountedCipher> sealing_, opening_;
    Bytes unread_;
    std::vector<Stanza> arrived_;
    bool uploaded_ = false;
};

Stanza query(std::string_view type, std::string_view xmlns, Stanza content);
Stanza ack_of(const Stanza& stanza);
Stanza receipt_of(const Stanza& message, std::string_view type);

} // namespace vestari::sim::test_client
