// The records of the Signal library, unchanged and sealed: sessions, identities, prekeys, sender keys.
//
// Invariants  a row is found by HMAC over (name, device) or (group, name, device); what is needed to list a user's devices or a group's
//             senders stands inside the sealed payload, so no name, number or group is in the clear.
// Threads     the database's owner.
// Errors      StoreErrc, thrown.
// Source      wire/20-messages.md sections 3.4 to 3.8. Names are Signal address names ("4917…", "1234_1").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/store/session_database.hpp"

namespace vestari::store {

struct DeviceRecord {
    std::uint32_t device;
    Bytes record;
};

class Sessions {
public:
    explicit Sessions(SessionDatabase& database) noexcept : database_{database} {}
    std::optional<Bytes> load(std::string_view name, std::uint32_t device) const;
    bool contains(std::string_view name, std::uint32_t device) const;
    void store(std::string_view name, std::uint32_t device, BytesView record);
    bool erase(std::string_view name, std::uint32_t device);
    std::vector<DeviceRecord> of_user(std::string_view name) const;
    std::int64_t erase_user(std::string_view name);

private:
    SessionDatabase& database_;
};

class Identities {
public:
    struct Row {
        std::uint32_t device;
        Bytes key; // 33 bytes
        TimePoint first_seen;
        TimePoint changed_at; // == first_seen while it never changed
    };
    enum class Change { none, first, changed };

    explicit Identities(SessionDatabase& database) noexcept : database_{database} {}
    std::optional<Row> load(std::string_view name, std::uint32_t device) const;
    Change store(std::string_view name, std::uint32_t device, BytesView key, TimePoint at);
    void put(std::string_view name, const Row& row); // as it stands: for a move between names
    bool erase(std::string_view name, std::uint32_t device);
    std::vector<Row> of_user(std::string_view name) const;
    std::int64_t erase_user(std::string_view name);

private:
    SessionDatabase& database_;
};

// One-time prekeys. `published`: uploaded or handed out in a retry receipt, so never to be published again.
class PreKeys {
public:
    enum class State : std::uint8_t { fresh, published };
    struct Row {
        std::uint32_t id;
        State state;
        Bytes record;
    };

    explicit PreKeys(SessionDatabase& database) noexcept : database_{database} {}
    std::optional<Bytes> load(std::uint32_t id) const;
    void store(std::uint32_t id, BytesView record, State state);
    void mark_published(std::uint32_t id);
    bool erase(std::uint32_t id);
    std::vector<Row> fresh(std::size_t limit) const; // lowest ids first
    std::vector<std::uint32_t> ids() const;          // rising
    std::uint32_t highest_id_ever() const;           // 0 if none: ids are not given twice

private:
    SessionDatabase& database_;
};

// Every signed prekey that was ever published stays.
class SignedPreKeys {
public:
    explicit SignedPreKeys(SessionDatabase& database) noexcept : database_{database} {}
    std::optional<Bytes> load(std::uint32_t id) const;
    void store(std::uint32_t id, BytesView record);
    std::vector<std::uint32_t> ids() const; // rising

private:
    SessionDatabase& database_;
};

class SenderKeys {
public:
    struct Row {
        std::string group;
        std::uint32_t device;
        Bytes record;
    };

    explicit SenderKeys(SessionDatabase& database) noexcept : database_{database} {}
    RowKey key_of(std::string_view group, std::string_view name, std::uint32_t device) const;
    std::optional<Bytes> load(const RowKey& key) const;
    void store(const RowKey& key, std::string_view group, std::string_view name,
               std::uint32_t device, BytesView record);
    bool erase(const RowKey& key);
    std::vector<Row> of_group_and_user(std::string_view group, std::string_view name) const;
    std::vector<Row> of_user(std::string_view name) const; // in all groups
    std::int64_t erase_group(std::string_view group);      // it left the include-list

private:
    SessionDatabase& database_;
};

} // namespace vestari::store
