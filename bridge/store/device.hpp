// What this device is: small sealed values under fixed names. The typed ones are what Signal needs; other rooms add their own names
// (own JIDs, the pairing's certificate).
//
// Threads     the database's owner.
// Errors      StoreErrc, thrown.
// Source      wire/20-messages.md sections 3.4 (identity store) and 3.8.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bridge/store/session_database.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::store {

struct LocalIdentity {
    std::uint32_t registration_id = 0;
    std::array<std::byte, 33> public_key{}; // with the type byte 05
    std::array<std::byte, 32> private_key{};
    ~LocalIdentity() { crypto::wipe(private_key); }
};

class Device {
public:
    explicit Device(SessionDatabase& database) noexcept : database_{database} {}

    void put(std::string_view name, BytesView value); // `name`: a word of our own code
    std::optional<Bytes> get(std::string_view name) const;
    void erase(std::string_view name);

    void set_identity(const LocalIdentity& identity);
    std::optional<LocalIdentity> identity() const;
    bool has_identity() const; // opens nothing

private:
    SessionDatabase& database_;
};

} // namespace vestari::store
