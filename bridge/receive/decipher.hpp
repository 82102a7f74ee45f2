// The ciphertexts of one stanza of an included group, in their order, down to the message inside.
//
// Invariants  pairwise ciphertexts come before sender-key ones; a sender-key one is not tried when the pairwise one that would have
//             brought its key failed. Each is all or nothing. A distribution counts for the stanza's chat alone.
// Threads     the session database's owner.
// Errors      none of its own: what went wrong is the state of the result. StoreErrc is thrown.
// Source      wire/20-messages.md sections 2.3, 4.1 and 5.1.
#pragma once

#include <functional>

#include "bridge/content/message.hpp"
#include "bridge/signal/decryptor.hpp"
#include "bridge/store/dedupe.hpp"
#include "bridge/wire/node.hpp"

namespace vestari::receive {

struct Deciphered {
    enum class State : std::uint8_t {
        read,        // `message` says what it was; it may be a key distribution alone
        unreadable,  // decrypted, but padding or content is broken: `plaintext` goes to quarantine
        duplicate,   // these very ciphertexts were decrypted before
        used_up,     // another ciphertext used its key: lost, and a resend would be refused again
        key_missing, // a sender-key message without its key: worth keeping until the key comes
        failed,
        unsupported, // nothing in it that this program decrypts
    };
    State state = State::unsupported;
    content::Message message;
    Bytes plaintext;                  // of the part that was unreadable
    bool brought_key = false;         // a distribution was processed
    bool device_sent_wrapper = false; // legitimate from own devices alone
    ErrorCode error{};                // of what was not decrypted: the part that decides
    bool foreign_version =
        false; // an envelope or ciphertext of a version that this program does not know
};

class Decipherer {
public:
    // Both outlive the Decipherer.
    Decipherer(signal::Decryptor& decryptor, store::SessionDatabase& database)
        : decryptor_{decryptor}, dedupe_{database} {}

    // `own_device`: <participants><to> addressed to it count as if they were direct children.
    Deciphered group_stanza(const wire::Node& stanza, std::string_view chat,
                            const signal::Address& sender, const std::vector<Jid>& own_devices,
                            TimePoint at);

    // The pairwise plaintext of own control traffic, unpadded; the caller wipes it. The error of the last ciphertext otherwise.
    [[nodiscard]] Result<Bytes> own_control(const wire::Node& stanza,
                                            const signal::Address& sender);

    // Is given every message's plaintext that is read here, unpadded, but not what only brings a key.
    void set_observer(std::function<void(BytesView)> observer) { observer_ = std::move(observer); }

private:
    struct Encrypted {
        signal::EncType type;
        int version;
        BytesView bytes;
    };
    struct Ciphertexts {
        std::vector<Encrypted> pairwise;
        std::vector<Encrypted> group;
        bool unsupported = false; // there was one that is no business of ours
        bool foreign_version = false;
    };

    static void collect(const wire::Node& from, Ciphertexts& into);
    static Ciphertexts ciphertexts_of(const wire::Node& stanza,
                                      const std::vector<Jid>& own_devices);
    Result<Bytes> decrypt(const Encrypted& enc, std::string_view chat,
                          const signal::Address& sender);
    Deciphered::State failure(ErrorCode error, const Encrypted& enc, std::string_view chat) const;
    Deciphered::State one(const Encrypted& enc, std::string_view chat,
                          const signal::Address& sender, TimePoint at, Deciphered& into);
    Deciphered::State read(BytesView padded, int version, std::string_view chat,
                           const signal::Address& sender, Deciphered& into);
    store::RowKey ciphertext_key(const Encrypted& enc, std::string_view chat) const;

    signal::Decryptor& decryptor_;
    store::Dedupe dedupe_;
    std::function<void(BytesView)> observer_;
};

} // namespace vestari::receive
