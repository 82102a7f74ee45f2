#include "bridge/signal/protocol_stores.hpp"

#include <stdexcept>

#include "vestari/crypto/secret.hpp"

namespace vestari::signal {

namespace {

ProtocolStores& stores(void* user_data) noexcept {
    return *static_cast<ProtocolStores*>(user_data);
}

std::string_view name_of(const signal_protocol_address* address) noexcept {
    return {address->name, address->name_len};
}

std::uint32_t device_of(const signal_protocol_address* address) noexcept {
    return static_cast<std::uint32_t>(address->device_id);
}

BytesView bytes(const std::uint8_t* data, std::size_t size) noexcept {
    return {reinterpret_cast<const std::byte*>(data), size};
}

// Runs a callback's body; an exception waits in `failure` until the library has returned.
template <class Body> int guarded(void* user_data, Body body) noexcept {
    try {
        return body(stores(user_data));
    } catch (...) {
        stores(user_data).failure = std::current_exception();
        return SG_ERR_UNKNOWN;
    }
}

int hand_over(signal_buffer** to, BytesView record) noexcept {
    *to = signal_buffer_create(raw(record), record.size());
    return *to != nullptr ? SG_SUCCESS : SG_ERR_NOMEM;
}

// For loads: `found` when there is a record, which is wiped here.
int hand_over(signal_buffer** to, std::optional<Bytes> record, int found, int missing) noexcept {
    if (!record) {
        return missing;
    }
    const int result = hand_over(to, *record);
    crypto::wipe(*record);
    return result == SG_SUCCESS ? found : result;
}

int load_session(signal_buffer** record, signal_buffer**, const signal_protocol_address* address,
                 void* user_data) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        return hand_over(record, own.sessions.load(name_of(address), device_of(address)), 1, 0);
    });
}

int sub_device_sessions(signal_int_list** sessions, const char* name, std::size_t size,
                        void* user_data) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        *sessions = signal_int_list_alloc();
        if (*sessions == nullptr) {
            return SG_ERR_NOMEM;
        }
        for (const store::DeviceRecord& row : own.sessions.of_user({name, size})) {
            if (row.device != 0) {
                signal_int_list_push_back(*sessions, static_cast<int>(row.device));
            }
        }
        return static_cast<int>(signal_int_list_size(*sessions));
    });
}

int store_session(const signal_protocol_address* address, std::uint8_t* record, std::size_t size,
                  std::uint8_t*, std::size_t, void* user_data) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        own.sessions.store(name_of(address), device_of(address), bytes(record, size));
        return SG_SUCCESS;
    });
}

int contains_session(const signal_protocol_address* address, void* user_data) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        return own.sessions.contains(name_of(address), device_of(address)) ? 1 : 0;
    });
}

int delete_session(const signal_protocol_address* address, void* user_data) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        return own.sessions.erase(name_of(address), device_of(address)) ? 1 : 0;
    });
}

int delete_all_sessions(const char* name, std::size_t size, void* user_data) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        return static_cast<int>(own.sessions.erase_user({name, size}));
    });
}

int load_pre_key(signal_buffer** record, std::uint32_t id, void* user_data) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        return hand_over(record, own.pre_keys.load(id), SG_SUCCESS, SG_ERR_INVALID_KEY_ID);
    });
}

int store_pre_key(std::uint32_t id, std::uint8_t* record, std::size_t size,
                  void* user_data) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        own.pre_keys.store(id, bytes(record, size), store::PreKeys::State::fresh);
        return SG_SUCCESS;
    });
}

int contains_pre_key(std::uint32_t id, void* user_data) noexcept {
    return guarded(user_data,
                   [&](ProtocolStores& own) { return own.pre_keys.load(id).has_value() ? 1 : 0; });
}

// Called after the session is stored, only when the prekey made a new session: inside the savepoint of that <enc>, so a dropped or
// failed pkmsg deletes nothing (section 3.7).
int remove_pre_key(std::uint32_t id, void* user_data) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        own.pre_keys.erase(id);
        return SG_SUCCESS;
    });
}

int load_signed_pre_key(signal_buffer** record, std::uint32_t id, void* user_data) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        return hand_over(record, own.signed_pre_keys.load(id), SG_SUCCESS, SG_ERR_INVALID_KEY_ID);
    });
}

int store_signed_pre_key(std::uint32_t id, std::uint8_t* record, std::size_t size,
                         void* user_data) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        own.signed_pre_keys.store(id, bytes(record, size));
        return SG_SUCCESS;
    });
}

int contains_signed_pre_key(std::uint32_t id, void* user_data) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        return own.signed_pre_keys.load(id).has_value() ? 1 : 0;
    });
}

int keep_signed_pre_key(std::uint32_t, void*) noexcept {
    return SG_SUCCESS;
} // every one ever published stays

int identity_key_pair(signal_buffer** public_key, signal_buffer** private_key,
                      void* user_data) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        const std::optional<store::LocalIdentity> identity = own.device.identity();
        if (!identity) {
            return SG_ERR_INVALID_KEY;
        }
        const int result = hand_over(public_key, identity->public_key);
        return result == SG_SUCCESS ? hand_over(private_key, identity->private_key) : result;
    });
}

int registration_id(void* user_data, std::uint32_t* id) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        const std::optional<store::LocalIdentity> identity = own.device.identity();
        if (!identity) {
            return SG_ERR_INVALID_KEY;
        }
        *id = identity->registration_id;
        return SG_SUCCESS;
    });
}

// Before the message's MAC is checked (section 3.4 P): the savepoint around the call takes a forged one back.
int save_identity(const signal_protocol_address* address, std::uint8_t* key, std::size_t size,
                  void* user_data) noexcept {
    return guarded(user_data, [&](ProtocolStores& own) {
        if (key == nullptr) {
            own.identities.erase(name_of(address), device_of(address));
            return SG_SUCCESS;
        }
        const TimePoint now = own.clock.now();
        const auto change =
            own.identities.store(name_of(address), device_of(address), bytes(key, size), now);
        if (change == store::Identities::Change::changed) {
            own.counters.add("identity changed", now);
        }
        return SG_SUCCESS;
    });
}

int trust_on_first_use(const signal_protocol_address*, std::uint8_t*, std::size_t, void*) noexcept {
    return 1;
}

} // namespace

ProtocolStores::ProtocolStores(Context& context, store::SessionDatabase& database,
                               const Clock& time)
    : sessions{database}, identities{database}, pre_keys{database}, signed_pre_keys{database},
      device{database}, counters{database}, clock{time} {
    signal_protocol_store_context* made = nullptr;
    if (signal_protocol_store_context_create(&made, context.get()) != SG_SUCCESS) {
        throw std::runtime_error{"the Signal library cannot start"};
    }
    stores_.reset(made);
    const signal_protocol_session_store session{
        load_session,   sub_device_sessions, store_session, contains_session,
        delete_session, delete_all_sessions, nullptr,       this};
    const signal_protocol_pre_key_store one_time{load_pre_key,   store_pre_key, contains_pre_key,
                                                 remove_pre_key, nullptr,       this};
    const signal_protocol_signed_pre_key_store signed_ones{load_signed_pre_key,
                                                           store_signed_pre_key,
                                                           contains_signed_pre_key,
                                                           keep_signed_pre_key,
                                                           nullptr,
                                                           this};
    const signal_protocol_identity_key_store identity{
        identity_key_pair, registration_id, save_identity, trust_on_first_use, nullptr, this};
    signal_protocol_store_context_set_session_store(made, &session); // each is copied
    signal_protocol_store_context_set_pre_key_store(made, &one_time);
    signal_protocol_store_context_set_signed_pre_key_store(made, &signed_ones);
    signal_protocol_store_context_set_identity_key_store(made, &identity);
}

void ProtocolStores::rethrow() {
    if (failure) {
        std::rethrow_exception(std::exchange(failure, nullptr));
    }
}

} // namespace vestari::signal
