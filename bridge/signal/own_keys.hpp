// This device's own keys as others may see them, and new one-time pre-keys.
//
// Invariants  private halves never leave the store; a pre-key's id is not given twice, and the key is stored before it is handed out:
//             durable with the caller's transaction.
// Threads     the database's owner.
// Errors      StoreErrc, thrown; damaged_record for a signed pre-key that cannot be read.
// Source      wire/20-messages.md sections 3.7 and 5.2; wire/10-connection.md section 9.3.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "bridge/store/session_database.hpp"
#include "bridge/store/signal_records.hpp"

namespace vestari::signal {

struct PublicPreKey {
    std::uint32_t id = 0;
    std::array<std::byte, 32> key{}; // without the type byte 05
};

struct PublicDeviceKeys {
    std::uint32_t registration_id = 0;
    std::array<std::byte, 32> identity{}; // without the type byte 05
    PublicPreKey signed_pre_key;          // the newest
    std::array<std::byte, 64> signature{};
};

class OwnKeys {
public:
    explicit OwnKeys(store::SessionDatabase& database);
    OwnKeys(const OwnKeys&) = delete;
    OwnKeys& operator=(const OwnKeys&) = delete;
    ~OwnKeys();

    std::optional<PublicDeviceKeys> device() const; // none: no keys are installed
    // New one-time pre-keys, stored in this state.
    std::vector<PublicPreKey> make_pre_keys(std::size_t count, store::PreKeys::State state);
    // Stored and not yet published, lowest ids first.
    std::vector<PublicPreKey> fresh(std::size_t limit) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace vestari::signal
