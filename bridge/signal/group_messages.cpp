#include "bridge/signal/group_messages.hpp"

#include <new>

#include <signal/protocol.h>
#include <signal/sender_key.h>
#include <signal/sender_key_state.h>

namespace vestari::signal {

namespace {

constexpr std::size_t signature_bytes = 64;
constexpr std::size_t chain_key_bytes = 32;
constexpr std::uint32_t furthest_ahead = 2000; // the library's limit: exactly 2000 is accepted
constexpr unsigned message_version = 3;

unsigned version_of(BytesView message) noexcept {
    return std::to_integer<unsigned>(message.front() >> 4U);
}

// For record functions that only fail when memory runs out.
void check_memory(int result) {
    if (result < 0) {
        throw std::bad_alloc{};
    }
}

SignalErrc parse_error(int result) {
    if (result == SG_ERR_NOMEM) {
        throw std::bad_alloc{};
    }
    return result == SG_ERR_INVALID_KEY ? SignalErrc::invalid_key : SignalErrc::malformed;
}

using MessageKey = SignalRef<sender_message_key>;
using ChainKey = SignalRef<sender_chain_key>;

MessageKey message_key_of(sender_chain_key* chain) {
    sender_message_key* key = nullptr;
    check_memory(sender_chain_key_create_message_key(chain, &key));
    return MessageKey{key};
}

ChainKey next_of(sender_chain_key* chain) {
    sender_chain_key* next = nullptr;
    check_memory(sender_chain_key_create_next(chain, &next));
    return ChainKey{next};
}

// What decrypting one message would do to a state, not yet done.
struct Step {
    MessageKey key;                  // of the message
    std::vector<MessageKey> skipped; // of those before it
    ChainKey next;                   // null: the key was one of the skipped ones
};

std::uint32_t reached_by(sender_key_state* state) noexcept {
    return sender_chain_key_get_iteration(sender_key_state_get_chain_key(state));
}

Result<> within_reach(sender_key_state* state, std::uint32_t iteration) {
    const std::uint32_t reached = reached_by(state);
    if (reached > iteration && sender_key_state_has_sender_message_key(state, iteration) == 0) {
        return SignalErrc::duplicate;
    }
    if (iteration > reached && iteration - reached > furthest_ahead) {
        return SignalErrc::too_far_ahead;
    }
    return {};
}

// The key of a message within reach. One that was skipped before leaves the state already now.
Step step_to(sender_key_state* state, std::uint32_t iteration) {
    Step step;
    if (reached_by(state) > iteration) {
        step.key.reset(sender_key_state_remove_sender_message_key(state, iteration));
        return step;
    }
    ChainKey chain = shared(sender_key_state_get_chain_key(state));
    while (sender_chain_key_get_iteration(chain.get()) < iteration) {
        step.skipped.push_back(message_key_of(chain.get()));
        chain = next_of(chain.get());
    }
    step.next = next_of(chain.get());
    step.key = message_key_of(chain.get());
    return step;
}

void apply(sender_key_state* state, const Step& step) {
    for (const MessageKey& key : step.skipped) {
        check_memory(sender_key_state_add_sender_message_key(state, key.get()));
    }
    sender_key_state_set_chain_key(state, step.next.get());
}

crypto::CurvePublicKey curve_key(const ec_public_key* key) {
    signal_buffer* serialised = nullptr;
    check_memory(ec_public_key_serialize(&serialised, key));
    const SignalBuffer bytes{serialised};
    crypto::CurvePublicKey plain;
    std::ranges::copy(view(bytes.get()).subspan(1), plain.begin()); // behind the type byte
    return plain;
}

// Drops a record that was being changed unless the change is complete.
class Change {
public:
    Change(SenderKeyCache& records, SenderKeyCache::Entry& entry) noexcept
        : records_{records}, entry_{entry} {}
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;
    ~Change() {
        if (state_ == State::open) {
            records_.drop(entry_);
        }
    }
    void store() {
        records_.store(entry_);
        state_ = State::stored;
    }

private:
    SenderKeyCache& records_;
    SenderKeyCache::Entry& entry_;
    enum class State : std::uint8_t { open, stored } state_ = State::open;
};

Result<SignalRef<sender_key_message>> parse(BytesView ciphertext, signal_context* context) {
    if (ciphertext.size() <= 1 + signature_bytes) {
        return SignalErrc::malformed;
    }
    if (version_of(ciphertext) != message_version) {
        return SignalErrc::invalid_version;
    }
    sender_key_message* message = nullptr;
    const int result =
        sender_key_message_deserialize(&message, raw(ciphertext), ciphertext.size(), context);
    if (result < 0) {
        return parse_error(result);
    }
    return SignalRef<sender_key_message>{message};
}

} // namespace

sender_key_state* GroupMessages::state_with(SenderKeyCache::Entry& entry, std::uint32_t key_id) {
    sender_key_state* state = nullptr;
    return sender_key_record_get_sender_key_state_by_id(entry.record.get(), &state, key_id) ==
                   SG_SUCCESS
               ? state
               : nullptr;
}

Result<GroupMessages::Found> GroupMessages::find(std::string_view group, const Address& sender,
                                                 std::uint32_t key_id) {
    SenderKeyCache::Entry* own = records_.find(group, sender);
    if (own != nullptr) {
        if (sender_key_state* state = state_with(*own, key_id)) {
            return Found{own, state};
        }
    }
    const SignalErrc missing =
        own == nullptr ? SignalErrc::no_sender_key : SignalErrc::unknown_sender_key_id;
    if (sender.device != 0) {
        return missing;
    }
    // A message may name its sender without the device that distributed the key (section 3.6). The signature decides.
    for (const Address& other : records_.other_devices(group, sender)) {
        if (SenderKeyCache::Entry* entry = records_.find(group, other)) {
            if (sender_key_state* state = state_with(*entry, key_id)) {
                return Found{entry, state};
            }
        }
    }
    return missing;
}

Result<Bytes> GroupMessages::decrypt(std::string_view group, const Address& sender,
                                     BytesView ciphertext) {
    const auto message = parse(ciphertext, context_.get());
    if (!message) {
        return message.error();
    }
    const Result<Found> found = find(group, sender, sender_key_message_get_key_id(message->get()));
    if (!found) {
        return found.error();
    }
    sender_key_state* state = found->state;
    const std::size_t signed_bytes = ciphertext.size() - signature_bytes;
    const crypto::XeddsaVerifier& verifier =
        verifiers_.of(curve_key(sender_key_state_get_signing_key_public(state)));
    if (!verifier.verify(ciphertext.first(signed_bytes), ciphertext.subspan(signed_bytes))) {
        return SignalErrc::bad_signature;
    }

    const std::uint32_t iteration = sender_key_message_get_iteration(message->get());
    if (const Result<> reachable = within_reach(state, iteration); !reachable) {
        return reachable.error();
    }
    // A failure from here on drops the record: it is read anew.
    Change change{records_, *found->entry};
    const Step step = step_to(state, iteration);
    Result<Bytes> plain =
        context_.decrypt_cbc(view(sender_message_key_get_cipher_key(step.key.get())),
                             view(sender_message_key_get_iv(step.key.get())),
                             view(sender_key_message_get_ciphertext(message->get())));
    if (!plain) {
        return plain.error();
    }
    if (step.next) {
        apply(state, step);
    }
    change.store();
    return plain;
}

Result<> GroupMessages::distribute(std::string_view group, const Address& sender,
                                   BytesView distribution) {
    if (distribution.size() <= 1) {
        return SignalErrc::malformed;
    }
    if (version_of(distribution) != message_version) {
        return SignalErrc::invalid_version;
    }
    sender_key_distribution_message* parsed = nullptr;
    const int result = sender_key_distribution_message_deserialize(
        &parsed, raw(distribution), distribution.size(), context_.get());
    if (result < 0) {
        return parse_error(result);
    }
    const SignalRef<sender_key_distribution_message> message{parsed};
    signal_buffer* chain_key = sender_key_distribution_message_get_chain_key(parsed);
    if (signal_buffer_len(chain_key) != chain_key_bytes) {
        return SignalErrc::malformed;
    }
    ec_public_key* signing_key = sender_key_distribution_message_get_signature_key(parsed);
    const std::uint32_t key_id = sender_key_distribution_message_get_id(parsed);
    SenderKeyCache::Entry& entry = records_.find_or_make(group, sender);
    if (sender_key_state* known = state_with(entry, key_id)) {
        if (ec_public_key_compare(sender_key_state_get_signing_key_public(known), signing_key) ==
            0) {
            return {}; // the key that we have: its state knows more than this message
        }
    }
    Change change{records_, entry};
    check_memory(sender_key_record_add_sender_key_state(
        entry.record.get(), key_id, sender_key_distribution_message_get_iteration(parsed),
        chain_key, signing_key));
    change.store();
    return {};
}

} // namespace vestari::signal
