#include "bridge/signal/decryptor.hpp"

#include <new>

#include <signal/protocol.h>
#include <signal/session_cipher.h>

#include "bridge/signal/device_keys.hpp"
#include "bridge/signal/group_messages.hpp"
#include "bridge/signal/migration.hpp"
#include "bridge/signal/protocol_stores.hpp"
#include "bridge/store/lid_map.hpp"
#include "bridge/store/waiting.hpp"
#include "vestari/base/check.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::signal {

namespace {

constexpr unsigned message_version = 3;
constexpr std::size_t shortest_msg = 10; // version, something, 8 bytes of MAC: section 3.4 (P)
constexpr std::size_t shortest_pkmsg = 2;
constexpr std::string_view lid_suffix = "_1";

using SessionCipher = std::unique_ptr<session_cipher, Freed<session_cipher_free>>;

SignalErrc errc_of(int result) {
    switch (result) {
    case SG_ERR_DUPLICATE_MESSAGE: return SignalErrc::duplicate;
    case SG_ERR_NO_SESSION: return SignalErrc::no_session;
    case SG_ERR_INVALID_KEY_ID: return SignalErrc::unknown_pre_key;
    case SG_ERR_INVALID_KEY: return SignalErrc::invalid_key;
    case SG_ERR_INVALID_VERSION:
    case SG_ERR_LEGACY_MESSAGE: return SignalErrc::invalid_version;
    case SG_ERR_INVALID_PROTO_BUF:
    case SG_ERR_INVAL: return SignalErrc::malformed;
    case SG_ERR_NOMEM: throw std::bad_alloc{};
    default: return SignalErrc::invalid_message;
    }
}

// The library's cipher borrows the address (section 3.4 P): it lives as long as this does, in the caller's Address.
signal_protocol_address borrowed(const Address& address) noexcept {
    return {address.name.c_str(), address.name.size(), static_cast<std::int32_t>(address.device)};
}

} // namespace

std::string_view to_string(EncType type) noexcept {
    switch (type) {
    case EncType::pkmsg: return "pkmsg";
    case EncType::msg: return "msg";
    case EncType::skmsg: return "skmsg";
    }
    return "unknown";
}

std::optional<EncType> enc_type_from(std::string_view word) noexcept {
    for (const EncType type : {EncType::pkmsg, EncType::msg, EncType::skmsg}) {
        if (word == to_string(type)) {
            return type;
        }
    }
    return std::nullopt;
}

struct Decryptor::Parts {
    Parts(store::SessionDatabase& sessions, const Clock& clock)
        : database{sessions}, stores{context, sessions, clock}, groups{context, sessions} {}

    Result<Bytes> pairwise(EncType type, const Address& sender, BytesView ciphertext);
    int decrypt(EncType type, const Address& sender, BytesView ciphertext, signal_buffer** plain);

    store::SessionDatabase& database;
    Context context;
    ProtocolStores stores;
    GroupMessages groups;
};

Decryptor::Decryptor(store::SessionDatabase& database, const Clock& clock)
    : parts_{std::make_unique<Parts>(database, clock)} {}
Decryptor::~Decryptor() = default;

Result<> Decryptor::install(const DeviceKeys& keys) {
    store::Savepoint all{parts_->database};
    const Result<> stored = store_device_keys(keys, parts_->context, parts_->stores);
    if (stored) {
        all.release();
    }
    return stored;
}

// One call of the library: parses, decrypts, stores through the callbacks. Its result code.
int Decryptor::Parts::decrypt(EncType type, const Address& sender, BytesView ciphertext,
                              signal_buffer** plain) {
    const signal_protocol_address address = borrowed(sender);
    session_cipher* made = nullptr;
    if (const int result = session_cipher_create(&made, stores.get(), &address, context.get());
        result < 0) {
        return result;
    }
    const SessionCipher cipher{made};
    if (type == EncType::msg) {
        signal_message* parsed = nullptr;
        const int result =
            signal_message_deserialize(&parsed, raw(ciphertext), ciphertext.size(), context.get());
        const SignalRef<signal_message> message{result < 0 ? nullptr : parsed};
        return result < 0 ? result
                          : session_cipher_decrypt_signal_message(cipher.get(), message.get(),
                                                                  nullptr, plain);
    }
    pre_key_signal_message* parsed = nullptr;
    const int result = pre_key_signal_message_deserialize(&parsed, raw(ciphertext),
                                                          ciphertext.size(), context.get());
    const SignalRef<pre_key_signal_message> message{result < 0 ? nullptr : parsed};
    return result < 0 ? result
                      : session_cipher_decrypt_pre_key_signal_message(cipher.get(), message.get(),
                                                                      nullptr, plain);
}

Result<Bytes> Decryptor::Parts::pairwise(EncType type, const Address& sender,
                                         BytesView ciphertext) {
    store::Savepoint enc{
        database}; // the identity is saved before the MAC is checked: section 3.4 (P)
    signal_buffer* decrypted = nullptr;
    const int result = decrypt(type, sender, ciphertext, &decrypted);
    if (result < 0) {
        stores.rethrow();
        return errc_of(result);
    }
    const SignalBuffer plain{decrypted};
    enc.release();
    return to_bytes(view(plain.get()));
}

Result<Bytes> Decryptor::pairwise(EncType type, const Address& sender, BytesView ciphertext) {
    VESTARI_CHECK(type != EncType::skmsg);
    if (ciphertext.size() < (type == EncType::msg ? shortest_msg : shortest_pkmsg)) {
        return SignalErrc::malformed;
    }
    if (std::to_integer<unsigned>(ciphertext.front() >> 4U) != message_version) {
        return SignalErrc::invalid_version;
    }
    if (!parts_->stores.device.has_identity()) {
        return SignalErrc::no_identity;
    }
    Result<Bytes> plain = parts_->pairwise(type, sender, ciphertext);
    if (plain || plain.error() != make_error_code(SignalErrc::no_session) ||
        !sender.name.ends_with(lid_suffix)) {
        return plain;
    }
    // The session may still stand under the phone number: once more after moving it (section 2.5).
    const std::string lid = sender.name.substr(0, sender.name.size() - lid_suffix.size());
    const std::optional<std::string> phone = store::LidMap{parts_->database}.phone_of(lid);
    if (!phone || !parts_->stores.sessions.contains(*phone, sender.device)) {
        return plain;
    }
    store::Savepoint both{parts_->database};
    migrate(*phone, lid);
    plain = parts_->pairwise(type, sender, ciphertext);
    if (plain) {
        both.release();
    }
    return plain;
}

Result<Bytes> Decryptor::group(std::string_view group, const Address& sender,
                               BytesView ciphertext) {
    return parts_->groups.decrypt(group, sender, ciphertext);
}

Result<> Decryptor::distribute(std::string_view group, const Address& sender,
                               BytesView distribution) {
    return parts_->groups.distribute(group, sender, distribution);
}

void Decryptor::rest() noexcept { parts_->groups.forget(); }

void Decryptor::migrate(std::string_view phone_user, std::string_view lid_user) {
    parts_->groups.forget();
    store::Savepoint all{parts_->database};
    move_records(parts_->database, phone_user, std::string{lid_user} + "_1");
    move_records(parts_->database, std::string{phone_user} + "_128",
                 std::string{lid_user} + "_129");
    all.release();
}

void Decryptor::forget_group(std::string_view group) {
    parts_->groups.forget();
    store::Savepoint all{parts_->database};
    store::SenderKeys{parts_->database}.erase_group(group);
    store::KeptCiphertexts{parts_->database}.erase_group(group);
    all.release();
}

void Decryptor::forget_user(std::string_view name) {
    store::Savepoint all{parts_->database};
    parts_->stores.sessions.erase_user(name);
    parts_->stores.identities.erase_user(name);
    all.release();
}

} // namespace vestari::signal
