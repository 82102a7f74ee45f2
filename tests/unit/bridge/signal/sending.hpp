// The sending side of group messages, for tests only: makes distributions and signed sender-key messages. Its own cryptography is the
// library's and OpenSSL's; nothing of it is linked into the product.
#pragma once

#include <openssl/evp.h>

#include <signal/curve.h>
#include <signal/protocol.h>
#include <signal/sender_key.h>

#include "bridge/signal/context.hpp"

namespace vestari::test {

class GroupSender {
public:
    explicit GroupSender(std::uint32_t key_id, std::byte seed = std::byte{7}) : key_id_{key_id} {
        ec_key_pair* pair = nullptr;
        curve_generate_key_pair(context_.get(), &pair);
        signing_.reset(pair);
        start_chain(seed);
    }

    // The same keys every time: every byte of the private signing key is `signing`.
    GroupSender(std::uint32_t key_id, std::byte seed, std::byte signing) : key_id_{key_id} {
        const Bytes scalar(32, signing);
        ec_private_key* raw_private = nullptr;
        curve_decode_private_point(&raw_private, signal::raw(scalar), scalar.size(),
                                   context_.get());
        const signal::SignalRef<ec_private_key> private_key{raw_private};
        ec_public_key* raw_public = nullptr;
        curve_generate_public_key(&raw_public, raw_private);
        const signal::SignalRef<ec_public_key> public_key{raw_public};
        ec_key_pair* pair = nullptr;
        ec_key_pair_create(&pair, raw_public, raw_private);
        signing_.reset(pair);
        start_chain(seed);
    }

    // What a device that joins now is given.
    Bytes distribution() const {
        const signal_buffer* seed = sender_chain_key_get_seed(chain_.get());
        sender_key_distribution_message* made = nullptr;
        sender_key_distribution_message_create(
            &made, key_id_, sender_chain_key_get_iteration(chain_.get()),
            signal_buffer_const_data(seed), signal_buffer_len(seed),
            ec_key_pair_get_public(signing_.get()), context_.get());
        const signal::SignalRef<sender_key_distribution_message> owned{made};
        return to_bytes(signal::view(
            ciphertext_message_get_serialized(reinterpret_cast<ciphertext_message*>(made))));
    }

    Bytes next(BytesView plain) { return step(plain, Padding::right); }
    Bytes next_unpadded() {
        return step(Bytes(32), Padding::missing);
    } // what no honest sender sends

    // Whatever bytes stand where the protobuf should: signed, with the version in front.
    Bytes signed_raw(BytesView protobuf) {
        Bytes message{std::byte{0x33}};
        append(message, protobuf);
        signal_buffer* made = nullptr;
        curve_calculate_signature(context_.get(), &made, ec_key_pair_get_private(signing_.get()),
                                  signal::raw(message), message.size());
        const signal::SignalBuffer signature{made};
        append(message, signal::view(signature.get()));
        return message;
    }

private:
    void start_chain(std::byte seed) {
        const Bytes chain(32, seed);
        const signal::SignalBuffer buffer{signal_buffer_create(signal::raw(chain), chain.size())};
        sender_chain_key* made = nullptr;
        sender_chain_key_create(&made, 0, buffer.get(), context_.get());
        chain_.reset(made);
    }

    enum class Padding : std::uint8_t { right, missing };

    Bytes step(BytesView plain, Padding padding) {
        sender_message_key* made = nullptr;
        sender_chain_key_create_message_key(chain_.get(), &made);
        const signal::SignalRef<sender_message_key> key{made};
        Bytes message = signed_message(key.get(), encrypted(key.get(), plain, padding));
        sender_chain_key* next_chain = nullptr;
        sender_chain_key_create_next(chain_.get(), &next_chain);
        chain_.reset(next_chain);
        return message;
    }

    Bytes signed_message(sender_message_key* key, const Bytes& cipher) {
        sender_key_message* made = nullptr;
        sender_key_message_create(&made, key_id_, sender_message_key_get_iteration(key),
                                  signal::raw(cipher), cipher.size(),
                                  ec_key_pair_get_private(signing_.get()), context_.get());
        const signal::SignalRef<sender_key_message> owned{made};
        return to_bytes(signal::view(
            ciphertext_message_get_serialized(reinterpret_cast<ciphertext_message*>(made))));
    }

    static Bytes encrypted(sender_message_key* key, BytesView plain, Padding padding) {
        Bytes cipher(plain.size() + 16);
        const std::unique_ptr<EVP_CIPHER_CTX, signal::Freed<EVP_CIPHER_CTX_free>> context{
            EVP_CIPHER_CTX_new()};
        int first = 0;
        int last = 0;
        auto* to = reinterpret_cast<unsigned char*>(cipher.data());
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr,
                           signal_buffer_data(sender_message_key_get_cipher_key(key)),
                           signal_buffer_data(sender_message_key_get_iv(key)));
        EVP_CIPHER_CTX_set_padding(context.get(), padding == Padding::right ? 1 : 0);
        EVP_EncryptUpdate(context.get(), to, &first, signal::raw(plain),
                          static_cast<int>(plain.size()));
        EVP_EncryptFinal_ex(context.get(), to + first, &last);
        cipher.resize(static_cast<std::size_t>(first + last));
        return cipher;
    }

    std::uint32_t key_id_;
    signal::Context context_;
    signal::SignalRef<ec_key_pair> signing_;
    signal::SignalRef<sender_chain_key> chain_;
};

} // namespace vestari::test
