// People of the simulated world: each has a phone that signs for linked clients and writes messages, and any number of those
// clients ("companions").
//
// Invariants  a companion's number is never given twice; pn and lid carry no device.
// Threads     one owner; persons and companions stay where they are.
// Source      wire/10-connection.md sections 7 and 9.3.
#pragma once

#include "tests/sim/accounts/handset.hpp"
#include "tests/sim/accounts/mailbox.hpp"

namespace vestari::sim {

class Connection;
struct Person;

struct OneTimeKey {
    std::uint32_t id = 0;
    Bytes key; // 32 bytes
};

struct SignedKey {
    std::uint32_t id = 0;
    Bytes key; // 32 bytes
    Bytes signature;
};

// A linked client, as the server knows it.
struct Companion {
    Person* person = nullptr;
    std::uint16_t number = 0;
    Bytes noise_key, identity; // 32 bytes each
    std::uint32_t registration_id = 0;
    SignedKey signed_key;
    std::deque<OneTimeKey> one_time_keys;
    Bytes
        signed_identity; // ADVSignedDeviceIdentity as in key bundles: with account key and device signature
    Mailbox mailbox;
    Connection* online = nullptr;
    std::size_t logins = 0;
    std::uint64_t histories_handled = 0;
    bool removed = false;
    bool warned_of_few_keys = false; // since the last upload or login

    std::string address() const; // names its Signal sessions
    Jid pn() const;              // with its number
    Jid lid() const;
    // Uses up a one-time key if there is one.
    KeyBundle take_bundle();
};

struct Person {
    std::string name;
    Jid pn = server_jid(), lid = server_jid(); // until it is given its own
    bool ours = false;                         // the referee judges its clients
    std::uint16_t device = 0;                  // what it writes with
    std::unique_ptr<Handset> phone;
    std::uint64_t joined = 0; // seconds since the epoch
    std::uint16_t last_number = 0;
    std::map<std::uint16_t, std::unique_ptr<Companion>> companions;

    bool is(const Jid& user) const { return pn.same_user(user) || lid.same_user(user); }
};

// What a client says of itself when it wants to be linked (ClientPayload.devicePairingData).
struct Registration {
    std::uint32_t registration_id = 0;
    Bytes identity;
    SignedKey signed_key;
    Bytes device_props;
    std::uint32_t revision = 0; // 2.3000.N
};
std::optional<Registration> registration_in(BytesView client_payload);

// The phone's signature over a new client: ADVSignedDeviceIdentity.
Bytes sign_companion(const Person& person, BytesView identity, std::uint16_t key_index,
                     std::uint64_t seconds);
// The content of <device-identity> in pair-success.
Bytes sealed_for(BytesView adv_secret, const Bytes& signed_identity);
// Checks what the client signed; its answer lacks the account key, the result has it. Empty optional: wrong.
std::optional<Bytes> countersigned(synth::SignalContext& signal, const Person& person,
                                   BytesView identity, const Bytes& sent, BytesView answer);

} // namespace vestari::sim
