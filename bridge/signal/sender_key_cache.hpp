// Sender-key records, parsed: the library derives a key for every skipped message when it reads a record, so reading one for each
// message of a burst would cost more than the messages. For bridge/signal only.
//
// Invariants  what a kept record holds equals what the database would give, which no other process can write: a rollback drops what was
//             read or changed since, and whoever changes rows behind the cache clears it. At most `max_records` and `max_bytes` (as
//             stored; parsed they take several times that) are kept, and none after `clear`, which wipes them.
// Threads     the database's owner.
// Errors      StoreErrc, thrown; a stored record that the library cannot read is StoreErrc::damaged_record.
#pragma once

#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "bridge/signal/address.hpp"
#include "bridge/signal/context.hpp"
#include "bridge/store/signal_records.hpp"

namespace vestari::signal {

class SenderKeyCache final : public store::ScopeListener {
public:
    struct Entry {
        std::string group;
        Address sender;
        store::RowKey key{};
        SignalRef<sender_key_record> record; // never null
        std::size_t bytes = 0;               // as stored
        std::uint64_t stamp = 0;             // of the change or the reading
    };

    SenderKeyCache(Context& context, store::SessionDatabase& database);
    ~SenderKeyCache() override;
    SenderKeyCache(const SenderKeyCache&) = delete;
    SenderKeyCache& operator=(const SenderKeyCache&) = delete;

    Entry* find(std::string_view group,
                const Address& sender); // null: there is none. Valid until the next call.
    Entry& find_or_make(std::string_view group, const Address& sender); // empty if there was none
    std::vector<Address> other_devices(std::string_view group, const Address& sender) const;

    void store(Entry& entry); // writes what the record now holds
    void drop(Entry& entry);  // it may no longer equal the database
    void clear() noexcept;

    void rolled_back(std::uint64_t since) noexcept override;

private:
    using Entries = std::list<Entry>; // last used first
    static constexpr std::size_t max_records = 512;
    static constexpr std::size_t max_bytes = 2U
                                             << 20U; // a record with 2000 skipped keys has 84 KiB

    Entry* cached(const std::string& name);
    Entry& keep(std::string name, Entry entry);
    void make_room() noexcept;
    void remove(Entries::iterator entry) noexcept;

    Context& context_;
    store::SessionDatabase& database_;
    store::SenderKeys rows_;
    Entries entries_;
    std::unordered_map<std::string, Entries::iterator> by_name_;
    std::size_t bytes_ = 0;
};

} // namespace vestari::signal
