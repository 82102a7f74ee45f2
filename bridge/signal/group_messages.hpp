// Sender-key messages, composed from the Signal library's record functions with the signature checked on libsodium, which is 2.4 times
// as fast as the library's own check. For bridge/signal only.
//
// Order       as the library's group_cipher_decrypt: record, key id, signature, chain, cipher, store. It differs in two things: every key
//             is derived before the record is changed, so a failure changes nothing; and missing key, unknown key id, bad signature and
//             too-far-ahead are told apart. The tests compare both, message by message, plaintext and record.
// Invariants  a redistributed key keeps the state that exists (section 3.3 P). A record changes only together with its row.
// Threads     the database's owner.
// Errors      SignalErrc; StoreErrc, thrown.
// Source      wire/20-messages.md sections 3.1, 3.3, 3.4 and 3.6; SETTLED 10 and 12.
#pragma once

#include "bridge/signal/sender_key_cache.hpp"
#include "bridge/signal/verifiers.hpp"

namespace vestari::signal {

class GroupMessages {
public:
    GroupMessages(Context& context, store::SessionDatabase& database)
        : context_{context}, records_{context, database} {}

    [[nodiscard]] Result<Bytes> decrypt(std::string_view group, const Address& sender,
                                        BytesView ciphertext);
    [[nodiscard]] Result<> distribute(std::string_view group, const Address& sender,
                                      BytesView distribution);
    void forget() noexcept { records_.clear(); } // rows were changed behind them, or nothing waits

private:
    struct Found {
        SenderKeyCache::Entry* entry;
        sender_key_state* state; // of the entry's record
    };
    Result<Found> find(std::string_view group, const Address& sender, std::uint32_t key_id);
    static sender_key_state* state_with(SenderKeyCache::Entry& entry, std::uint32_t key_id);

    Context& context_;
    SenderKeyCache records_;
    Verifiers verifiers_;
};

} // namespace vestari::signal
