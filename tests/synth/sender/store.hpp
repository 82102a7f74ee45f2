// The stores that libsignal asks, in memory: what one device knows. Serves the sending side and the tests' own receiver.
//
// Invariants  the store context borrows this object; it is neither copied nor moved.
// Threads     one owner.
#pragma once

#include "tests/synth/sender/provider.hpp"

namespace vestari::synth {

class MemoryStore {
public:
    MemoryStore(SignalContext& signal, std::uint32_t registration_id, Bytes identity_public,
                Bytes identity_private);
    MemoryStore(const MemoryStore&) = delete;
    MemoryStore& operator=(const MemoryStore&) = delete;

    signal_protocol_store_context* get() const noexcept { return context_.get(); }

    std::map<std::string, Bytes> sessions;    // by address
    std::map<std::string, Bytes> sender_keys; // by group and address
    std::map<std::uint32_t, Bytes> pre_keys;  // the library's own records
    std::map<std::uint32_t, Bytes> signed_pre_keys;
    std::uint32_t registration_id;
    Bytes identity_public; // 33 bytes, type byte first
    Bytes identity_private;

    static std::string name_of(const signal_protocol_address& address);
    static std::string name_of(const signal_protocol_sender_key_name& name);

private:
    std::unique_ptr<signal_protocol_store_context, Freed<signal_protocol_store_context_destroy>>
        context_;
};

} // namespace vestari::synth
