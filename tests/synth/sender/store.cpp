#include "tests/synth/sender/store.hpp"

namespace vestari::synth {

namespace {

MemoryStore& self(void* user) { return *static_cast<MemoryStore*>(user); }

signal_buffer* copy_of(const Bytes& bytes) {
    return signal_buffer_create(data_of(bytes), bytes.size());
}

Bytes bytes_of(const std::uint8_t* data, std::size_t length) {
    return to_bytes(BytesView{reinterpret_cast<const std::byte*>(data), length});
}

int load_session(signal_buffer** record, signal_buffer**, const signal_protocol_address* address,
                 void* user) noexcept {
    const auto found = self(user).sessions.find(MemoryStore::name_of(*address));
    if (found == self(user).sessions.end()) {
        return 0;
    }
    *record = copy_of(found->second);
    return 1;
}

int store_session(const signal_protocol_address* address, std::uint8_t* record, std::size_t length,
                  std::uint8_t*, std::size_t, void* user) noexcept {
    self(user).sessions[MemoryStore::name_of(*address)] = bytes_of(record, length);
    return 0;
}

int contains_session(const signal_protocol_address* address, void* user) noexcept {
    return self(user).sessions.contains(MemoryStore::name_of(*address)) ? 1 : 0;
}

int load_key(const std::map<std::uint32_t, Bytes>& keys, signal_buffer** record, std::uint32_t id) {
    const auto found = keys.find(id);
    if (found == keys.end()) {
        return SG_ERR_INVALID_KEY_ID;
    }
    *record = copy_of(found->second);
    return SG_SUCCESS;
}

int load_pre_key(signal_buffer** record, std::uint32_t id, void* user) noexcept {
    return load_key(self(user).pre_keys, record, id);
}

int contains_pre_key(std::uint32_t id, void* user) noexcept {
    return self(user).pre_keys.contains(id) ? 1 : 0;
}

int remove_pre_key(std::uint32_t id, void* user) noexcept {
    self(user).pre_keys.erase(id);
    return 0;
}

int load_signed_pre_key(signal_buffer** record, std::uint32_t id, void* user) noexcept {
    return load_key(self(user).signed_pre_keys, record, id);
}

int contains_signed_pre_key(std::uint32_t id, void* user) noexcept {
    return self(user).signed_pre_keys.contains(id) ? 1 : 0;
}

int get_identity(signal_buffer** public_key, signal_buffer** private_key, void* user) noexcept {
    *public_key = copy_of(self(user).identity_public);
    *private_key = copy_of(self(user).identity_private);
    return 0;
}

int get_registration(void* user, std::uint32_t* id) noexcept {
    *id = self(user).registration_id;
    return 0;
}

int save_identity(const signal_protocol_address*, std::uint8_t*, std::size_t, void*) noexcept {
    return 0;
}

int is_trusted(const signal_protocol_address*, std::uint8_t*, std::size_t, void*) noexcept {
    return 1;
}

int store_sender_key(const signal_protocol_sender_key_name* name, std::uint8_t* record,
                     std::size_t length, std::uint8_t*, std::size_t, void* user) noexcept {
    self(user).sender_keys[MemoryStore::name_of(*name)] = bytes_of(record, length);
    return 0;
}

int load_sender_key(signal_buffer** record, signal_buffer**,
                    const signal_protocol_sender_key_name* name, void* user) noexcept {
    const auto found = self(user).sender_keys.find(MemoryStore::name_of(*name));
    if (found == self(user).sender_keys.end()) {
        return 0;
    }
    *record = copy_of(found->second);
    return 1;
}

} // namespace

std::string MemoryStore::name_of(const signal_protocol_address& address) {
    return std::string{address.name, address.name_len} + ':' + std::to_string(address.device_id);
}

std::string MemoryStore::name_of(const signal_protocol_sender_key_name& name) {
    return std::string{name.group_id, name.group_id_len} + '|' + name_of(name.sender);
}

MemoryStore::MemoryStore(SignalContext& signal, std::uint32_t registration, Bytes public_key,
                         Bytes private_key)
    : registration_id{registration}, identity_public{std::move(public_key)},
      identity_private{std::move(private_key)} {
    signal_protocol_store_context* raw = nullptr;
    VESTARI_CHECK(signal_protocol_store_context_create(&raw, signal.get()) == SG_SUCCESS);
    context_.reset(raw);
    const signal_protocol_session_store session_store{.load_session_func = load_session,
                                                      .get_sub_device_sessions_func = nullptr,
                                                      .store_session_func = store_session,
                                                      .contains_session_func = contains_session,
                                                      .delete_session_func = nullptr,
                                                      .delete_all_sessions_func = nullptr,
                                                      .destroy_func = nullptr,
                                                      .user_data = this};
    const signal_protocol_pre_key_store pre_key_store{.load_pre_key = load_pre_key,
                                                      .store_pre_key = nullptr,
                                                      .contains_pre_key = contains_pre_key,
                                                      .remove_pre_key = remove_pre_key,
                                                      .destroy_func = nullptr,
                                                      .user_data = this};
    const signal_protocol_signed_pre_key_store signed_store{
        .load_signed_pre_key = load_signed_pre_key,
        .store_signed_pre_key = nullptr,
        .contains_signed_pre_key = contains_signed_pre_key,
        .remove_signed_pre_key = nullptr,
        .destroy_func = nullptr,
        .user_data = this};
    const signal_protocol_identity_key_store identity_store{.get_identity_key_pair = get_identity,
                                                            .get_local_registration_id =
                                                                get_registration,
                                                            .save_identity = save_identity,
                                                            .is_trusted_identity = is_trusted,
                                                            .destroy_func = nullptr,
                                                            .user_data = this};
    const signal_protocol_sender_key_store sender_key_store{.store_sender_key = store_sender_key,
                                                            .load_sender_key = load_sender_key,
                                                            .destroy_func = nullptr,
                                                            .user_data = this};
    const auto set = [raw](int result) { VESTARI_CHECK(raw != nullptr && result == SG_SUCCESS); };
    set(signal_protocol_store_context_set_session_store(raw, &session_store));
    set(signal_protocol_store_context_set_pre_key_store(raw, &pre_key_store));
    set(signal_protocol_store_context_set_signed_pre_key_store(raw, &signed_store));
    set(signal_protocol_store_context_set_identity_key_store(raw, &identity_store));
    set(signal_protocol_store_context_set_sender_key_store(raw, &sender_key_store));
}

} // namespace vestari::synth
