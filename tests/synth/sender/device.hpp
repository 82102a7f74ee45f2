// Both ends of a chat in tests: the keys of the device that reads (they stand in the fixture's header), a device that writes to
// it, and a plain receiver that opens what was written.
//
// Invariants  a SenderDevice never hears back, so all that it sends pairwise is a `pkmsg` (wire/20-messages.md section 1.4).
// Threads     one owner.
// Errors      Receiver: the library's negative code. A sender that cannot encrypt is a defect of the test.
// Source      wire/20-messages.md sections 2.3 and 3.
#pragma once

#include "tests/synth/sender/store.hpp"

namespace vestari::synth {

struct KeyPair {
    Bytes public_key;  // 33 bytes, type byte 05 first
    Bytes private_key; // 32 bytes
};

// What the fixture's header says of the reading device.
struct DeviceKeys {
    std::uint32_t registration_id = 0;
    KeyPair identity;
    std::uint32_t signed_pre_key_id = 1;
    KeyPair signed_pre_key;
    Bytes signature; // of the signed prekey's public key by the identity
    std::uint32_t first_pre_key_id = 101;
    std::vector<KeyPair> pre_keys; // ids count up from the first
};

KeyPair make_key_pair(SignalContext& signal);
DeviceKeys make_device_keys(SignalContext& signal, std::size_t pre_keys);

class SenderDevice {
public:
    // Takes one of the reader's one-time prekeys, as the server would hand it out. `reader` must outlive this.
    SenderDevice(SignalContext& signal, const DeviceKeys& reader, std::size_t pre_key);

    Bytes pairwise(BytesView padded); // a pkmsg
    // The sender key of a group, made on first use: what the first message to a reader carries.
    Bytes distribution(std::string_view group);
    Bytes group(std::string_view group, BytesView padded); // a skmsg; distribution() came before
    void forget(std::string_view group);                   // the next distribution is a new key

private:
    void begin_session(std::size_t pre_key);

    SignalContext& signal_;
    const DeviceKeys& reader_;
    std::unique_ptr<MemoryStore> store_;
};

// Opens what a SenderDevice wrote, with the library's own functions: the reference for tests of the generator.
class Receiver {
public:
    Receiver(SignalContext& signal, const DeviceKeys& keys);

    struct Opened {
        int code = 0; // SG_SUCCESS or the library's error
        Bytes padded;
    };
    Opened pairwise(std::string_view name, std::uint32_t device, BytesView pkmsg);
    Opened group(std::string_view group, std::string_view name, std::uint32_t device,
                 BytesView skmsg);
    int distribute(std::string_view group, std::string_view name, std::uint32_t device,
                   BytesView distribution);

private:
    SignalContext& signal_;
    std::unique_ptr<MemoryStore> store_;
};

} // namespace vestari::synth
