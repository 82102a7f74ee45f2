// The Signal side of one simulated device: its keys, its sessions with linked clients, its sender keys. It only writes: what real
// clients send to it is not opened.
//
// Invariants  a session exists before something is written to an address; start_session replaces one, as senders do after a retry
//             receipt with keys.
// Threads     one owner; neither copied nor moved.
// Errors      a bundle that the library refuses: std::invalid_argument. Other failures are defects of the test.
// Source      wire/20-messages.md section 3.
#pragma once

#include <set>

#include "tests/synth/sender/device.hpp"

namespace vestari::sim {

// What a sender needs to know of a device. Keys are 33 bytes, type byte first.
struct KeyBundle {
    std::uint32_t registration_id = 0;
    Bytes identity;
    std::uint32_t signed_id = 0;
    Bytes signed_key, signature;
    std::uint32_t one_time_id = 0; // 0: none
    Bytes one_time_key;
};

class Handset {
public:
    explicit Handset(synth::SignalContext& signal);

    const synth::KeyPair& identity() const noexcept { return identity_; }
    const KeyBundle& bundle() const noexcept { return bundle_; } // for clients that write to it
    Bytes sign(BytesView message) const;                         // 64 bytes, by the identity

    bool knows(const std::string& to) const;
    void start_session(const std::string& to, const KeyBundle& theirs);
    Bytes pairwise(const std::string& to, BytesView padded); // a pkmsg: nobody ever answers
    Bytes distribution(const std::string& group);
    Bytes group(const std::string& group, BytesView padded);
    // Who was given the group's sender key.
    std::set<std::string>& keyed(const std::string& group) { return keyed_[group]; }

private:
    synth::SignalContext& signal_;
    synth::KeyPair identity_;
    std::unique_ptr<synth::MemoryStore> store_;
    KeyBundle bundle_;
    std::map<std::string, std::set<std::string>> keyed_;
};

Bytes typed(BytesView key);         // 32 bytes to 33
BytesView untyped(BytesView key33); // 33 bytes to 32; valid as long as the argument
bool signature_holds(synth::SignalContext& signal, BytesView key32, BytesView message,
                     BytesView signature);

} // namespace vestari::sim
