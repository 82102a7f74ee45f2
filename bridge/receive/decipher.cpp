#include "bridge/receive/decipher.hpp"

#include "bridge/content/extract.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::receive {

using State = Deciphered::State;

namespace {

// Peers send one or two. Each costs key agreements, so a stanza of thousands would hold up everybody else's.
constexpr std::size_t most_ciphertexts = 16;

// Of two parts of one stanza the better outcome is the stanza's.
State better(State left, State right) noexcept { return std::min(left, right); }
static_assert(State::read < State::unreadable && State::unreadable < State::duplicate &&
              State::duplicate < State::used_up && State::used_up < State::key_missing &&
              State::key_missing < State::failed && State::failed < State::unsupported);

} // namespace

void Decipherer::collect(const wire::Node& from, Ciphertexts& into) {
    for (const wire::Node& child : from.children()) {
        if (child.tag != "enc") {
            continue;
        }
        const auto type = signal::enc_type_from(child.text_of("type").value_or(""));
        const auto version = child.number_of("v");
        if (!type ||
            version != 2U) { // v=3 is another product's envelope: its plaintext is never kept
            into.unsupported = true;
            into.foreign_version = into.foreign_version || (type && version != 2U);
            continue;
        }
        auto& list = *type == signal::EncType::skmsg ? into.group : into.pairwise;
        if (list.size() < most_ciphertexts) {
            list.push_back({*type, 2, child.bytes()});
        }
    }
}

Decipherer::Ciphertexts Decipherer::ciphertexts_of(const wire::Node& stanza,
                                                   const std::vector<Jid>& own_devices) {
    Ciphertexts all;
    collect(stanza, all);
    if (const wire::Node* participants = stanza.child("participants")) {
        for (const wire::Node& to : participants->children()) {
            const auto jid = to.tag == "to" ? to.jid_of("jid") : std::nullopt;
            for (const Jid& own : own_devices) {
                if (jid && jid->same_user(own) && jid->device == own.device()) {
                    collect(to, all);
                }
            }
        }
    }
    return all;
}

Deciphered Decipherer::group_stanza(const wire::Node& stanza, std::string_view chat,
                                    const signal::Address& sender,
                                    const std::vector<Jid>& own_devices, TimePoint at) {
    const Ciphertexts all = ciphertexts_of(stanza, own_devices);
    Deciphered result;
    result.foreign_version = all.foreign_version;
    bool key_may_be_lost = false;
    for (const Encrypted& enc : all.pairwise) {
        const State state = one(enc, chat, sender, at, result);
        key_may_be_lost = key_may_be_lost || state == State::failed;
        result.state = better(result.state, state);
    }
    if (key_may_be_lost) { // the resend will hold everything
        return result;
    }
    if (all.group.empty() && !all.unsupported) {
        return result;
    }
    const bool content_so_far = result.state == State::unreadable ||
                                (result.state == State::read &&
                                 result.message.kind != content::Kind::key_distribution_only);
    State state = State::unsupported;
    for (const Encrypted& enc : all.group) {
        state = better(state, one(enc, chat, sender, at, result));
    }
    // A pairwise part that only brings the key, or brought it before, does not make up for content that failed.
    result.state = content_so_far ? better(result.state, state) : state;
    return result;
}

Result<Bytes> Decipherer::own_control(const wire::Node& stanza, const signal::Address& sender) {
    const Ciphertexts all = ciphertexts_of(stanza, {});
    ErrorCode error = make_error_code(signal::SignalErrc::malformed);
    for (const Encrypted& enc : all.pairwise) {
        Result<Bytes> padded = decryptor_.pairwise(enc.type, sender, enc.bytes);
        if (!padded) {
            error = padded.error();
            continue;
        }
        const Result<BytesView> plain = content::unpad(*padded, enc.version);
        std::optional<Bytes> control = plain ? std::optional{to_bytes(*plain)} : std::nullopt;
        error = plain ? ErrorCode{} : plain.error();
        crypto::wipe(*padded);
        if (control) {
            return std::move(*control);
        }
    }
    return error;
}

State Decipherer::one(const Encrypted& enc, std::string_view chat, const signal::Address& sender,
                      TimePoint at, Deciphered& into) {
    Result<Bytes> padded = decrypt(enc, chat, sender);
    if (!padded) {
        if (padded.error() != signal::SignalErrc::duplicate && !into.error) {
            into.error = padded.error();
        }
        into.foreign_version =
            into.foreign_version || padded.error() == signal::SignalErrc::invalid_version;
        return failure(padded.error(), enc, chat);
    }
    dedupe_.insert(ciphertext_key(enc, chat), at);
    const State state = read(*padded, enc.version, chat, sender, into);
    crypto::wipe(*padded); // it may bring a key
    return state;
}

Result<Bytes> Decipherer::decrypt(const Encrypted& enc, std::string_view chat,
                                  const signal::Address& sender) {
    return enc.type == signal::EncType::skmsg ? decryptor_.group(chat, sender, enc.bytes)
                                              : decryptor_.pairwise(enc.type, sender, enc.bytes);
}

State Decipherer::failure(ErrorCode error, const Encrypted& enc, std::string_view chat) const {
    if (error == signal::SignalErrc::duplicate) {
        return dedupe_.contains(ciphertext_key(enc, chat)) ? State::duplicate : State::used_up;
    }
    const bool wants_key = error == signal::SignalErrc::no_sender_key ||
                           error == signal::SignalErrc::unknown_sender_key_id;
    return wants_key ? State::key_missing : State::failed;
}

State Decipherer::read(BytesView padded, int version, std::string_view chat,
                       const signal::Address& sender, Deciphered& into) {
    const Result<BytesView> plain = content::unpad(padded, version);
    Result<content::Message> message =
        plain ? content::extract(*plain) : Result<content::Message>{plain.error()};
    if (!message) {
        into.plaintext = to_bytes(padded);
        return State::unreadable;
    }
    if (message->distribution && message->distribution->group == chat) {
        into.brought_key =
            decryptor_.distribute(chat, sender, message->distribution->bytes).has_value() ||
            into.brought_key;
    }
    if (message->distribution) {
        crypto::wipe(message->distribution->bytes);
    }
    into.device_sent_wrapper = into.device_sent_wrapper || message->device_sent_to.has_value();
    const bool content_here = message->kind != content::Kind::key_distribution_only;
    if (content_here && observer_) {
        observer_(*plain);
    }
    if (content_here || into.state == State::unsupported) {
        into.message = std::move(*message);
    }
    return State::read;
}

// Without the sender's address: it changes when a number's LID becomes known, and only what this sender's own session has refused as
// known is ever looked up.
store::RowKey Decipherer::ciphertext_key(const Encrypted& enc, std::string_view chat) const {
    const bool group = enc.type == signal::EncType::skmsg;
    return dedupe_.ciphertext_key(enc.bytes, signal::to_string(enc.type),
                                  group ? chat : std::string_view{}, {});
}

} // namespace vestari::receive
