// Decrypts what a stanza's <enc> holds, with the Signal library behind it; the only room that knows that library.
//
// Invariants  each call is all or nothing: when it fails, sessions, identities, prekeys and sender keys are byte for byte what they were,
//             and inside an outer transaction what came before stays. There is no way to encrypt: the library's encryption entry points
//             are neither called nor linked, and the cipher it is given only decrypts.
//             Sender-key records stay parsed between messages, at most 2 MiB as stored; a rollback takes them back, `rest` wipes them.
// Threads     the database's owner.
// Errors      SignalErrc for what the sender or the network did; StoreErrc, thrown, for a failing database.
// Source      wire/20-messages.md sections 3.3 to 3.7 and 4.1; the points marked (P) there are named where they are met.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "bridge/signal/address.hpp"
#include "bridge/signal/errors.hpp"
#include "bridge/store/session_database.hpp"
#include "vestari/base/bytes.hpp"
#include "vestari/base/clock.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::signal {

enum class EncType : std::uint8_t { pkmsg, msg, skmsg };
std::string_view to_string(EncType type) noexcept;
std::optional<EncType>
enc_type_from(std::string_view word) noexcept; // none: msmsg and what is unknown

struct KeyPair {
    std::array<std::byte, 33> public_key{}; // with the type byte 05
    std::array<std::byte, 32> private_key{};
    ~KeyPair() { crypto::wipe(private_key); }
};

struct PreKeyPair {
    std::uint32_t id = 0; // 1 to 2^24 - 1
    KeyPair keys;
};

// What pairing gave this device, or a fixture's header.
struct DeviceKeys {
    std::uint32_t registration_id = 0;
    KeyPair identity;
    PreKeyPair signed_pre_key;
    std::array<std::byte, 64> signed_pre_key_signature{};
    std::vector<PreKeyPair> pre_keys; // taken as published: somebody may hold them already
};

class Decryptor {
public:
    // Both outlive the Decryptor. The clock dates identities.
    Decryptor(store::SessionDatabase& database, const Clock& clock);
    Decryptor(const Decryptor&) = delete;
    Decryptor& operator=(const Decryptor&) = delete;
    ~Decryptor();

    // Replaces the identity, adds the prekeys. SignalErrc::invalid_key: a public key does not belong to its private key.
    [[nodiscard]] Result<> install(const DeviceKeys& keys);

    // `type`: pkmsg or msg. The plaintext still has its padding.
    [[nodiscard]] Result<Bytes> pairwise(EncType type, const Address& sender, BytesView ciphertext);

    // A sender-key message. `group`: the stanza's chat.
    [[nodiscard]] Result<Bytes> group(std::string_view group, const Address& sender,
                                      BytesView ciphertext);

    // A sender-key distribution out of a pairwise message. `group` comes from the stanza, never from the message: the caller has
    // compared them (section 3.1).
    [[nodiscard]] Result<> distribute(std::string_view group, const Address& sender,
                                      BytesView distribution);

    // Nothing more waits to be decrypted: what was kept to be quick is wiped. Call it when the queue is empty.
    void rest() noexcept;

    // The user's records move from a phone-number name to its LID name, every device, all or none; what the LID has already stays.
    void migrate(std::string_view phone_user, std::string_view lid_user);

    void forget_group(std::string_view group); // it left the include-list
    void
    forget_user(std::string_view
                    name); // its identity was reset: sessions and identities go, sender keys stay

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace vestari::signal
