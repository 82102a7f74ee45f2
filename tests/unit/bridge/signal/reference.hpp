// The Signal library's own group decryption, as the reference for ours: its group_cipher and group_session_builder over a store in
// memory, with our cryptography beneath and its own signature check.
#pragma once

#include <map>

#include <signal/group_cipher.h>
#include <signal/group_session_builder.h>
#include <signal/protocol.h>

#include "bridge/signal/address.hpp"
#include "bridge/signal/context.hpp"

namespace vestari::test {

class ReferenceGroup {
public:
    ReferenceGroup(std::string group, signal::Address sender)
        : group_{std::move(group)}, sender_{std::move(sender)},
          name_{group_.c_str(),
                group_.size(),
                {sender_.name.c_str(), sender_.name.size(),
                 static_cast<std::int32_t>(sender_.device)}} {
        signal_protocol_store_context* made = nullptr;
        signal_protocol_store_context_create(&made, context_.get());
        stores_.reset(made);
        const signal_protocol_sender_key_store callbacks{store, load, nullptr, this};
        signal_protocol_store_context_set_sender_key_store(made, &callbacks);
    }
    ReferenceGroup(const ReferenceGroup&) = delete;
    ReferenceGroup& operator=(const ReferenceGroup&) = delete;

    // The library's result code; the plaintext where it is SG_SUCCESS.
    int decrypt(BytesView ciphertext, Bytes& plain) {
        sender_key_message* parsed = nullptr;
        const int result = sender_key_message_deserialize(&parsed, signal::raw(ciphertext),
                                                          ciphertext.size(), context_.get());
        if (result < 0) {
            return result;
        }
        const signal::SignalRef<sender_key_message> message{parsed};
        group_cipher* made = nullptr;
        group_cipher_create(&made, stores_.get(), &name_, context_.get());
        const std::unique_ptr<group_cipher, signal::Freed<group_cipher_free>> cipher{made};
        signal_buffer* buffer = nullptr;
        const int decrypted = group_cipher_decrypt(made, parsed, nullptr, &buffer);
        if (decrypted >= 0) {
            const signal::SignalBuffer owned{buffer};
            plain = to_bytes(signal::view(owned.get()));
        }
        return decrypted;
    }

    int distribute(BytesView distribution) {
        sender_key_distribution_message* parsed = nullptr;
        const int result = sender_key_distribution_message_deserialize(
            &parsed, signal::raw(distribution), distribution.size(), context_.get());
        if (result < 0) {
            return result;
        }
        const signal::SignalRef<sender_key_distribution_message> message{parsed};
        group_session_builder* made = nullptr;
        group_session_builder_create(&made, stores_.get(), context_.get());
        const std::unique_ptr<group_session_builder, signal::Freed<group_session_builder_free>>
            builder{made};
        return group_session_builder_process_session(made, &name_, parsed);
    }

    Bytes record; // as the library stored it; empty: none

private:
    static int store(const signal_protocol_sender_key_name*, std::uint8_t* data, std::size_t size,
                     std::uint8_t*, std::size_t, void* user_data) {
        const auto* bytes = reinterpret_cast<const std::byte*>(data);
        static_cast<ReferenceGroup*>(user_data)->record.assign(bytes, bytes + size);
        return SG_SUCCESS;
    }
    static int load(signal_buffer** to, signal_buffer**, const signal_protocol_sender_key_name*,
                    void* user_data) {
        const Bytes& stored = static_cast<ReferenceGroup*>(user_data)->record;
        if (stored.empty()) {
            return 0;
        }
        *to = signal_buffer_create(signal::raw(stored), stored.size());
        return 1;
    }

    std::string group_;
    signal::Address sender_;
    signal_protocol_sender_key_name name_; // borrows the two above
    signal::Context context_;
    std::unique_ptr<signal_protocol_store_context,
                    signal::Freed<signal_protocol_store_context_destroy>>
        stores_;
};

} // namespace vestari::test
