// Sender-key records, parsed: the library derives a key for every skipped message when it reads a record, so reading one for each
// message of a burst would cost more than the messages. For bridge/signal only.
//
// Invariants  a record is kept only while a scope of the database is open, and what it holds equals what the database would give: a
//             rollback drops what was read or changed since. `Lease` drops the record unless the change it made was stored.
//             At most `max_records` and `max_bytes` (as stored; a parsed record takes up to six times that) are kept.
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
    void ended() noexcept override { clear(); }

private:
    using Entries = std::list<Entry>; // last used first
    static constexpr std::size_t max_records = 512;
    static constexpr std::size_t max_bytes = 512U << 10U;

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
