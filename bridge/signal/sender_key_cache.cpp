#include "bridge/signal/sender_key_cache.hpp"

#include <new>

#include "vestari/crypto/secret.hpp"

namespace vestari::signal {

namespace {

std::string name_of(std::string_view group, const Address& sender) {
    std::string name;
    name.reserve(group.size() + sender.name.size() + 16);
    name += group;
    name += "::";
    name += sender.name;
    name += "::";
    name += std::to_string(sender.device);
    return name;
}

} // namespace

SenderKeyCache::SenderKeyCache(Context& context, store::SessionDatabase& database)
    : context_{context}, database_{database}, rows_{database} {
    database_.add_listener(*this);
}

SenderKeyCache::~SenderKeyCache() { database_.remove_listener(*this); }

SenderKeyCache::Entry* SenderKeyCache::cached(const std::string& name) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) {
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return &entries_.front();
}

SenderKeyCache::Entry& SenderKeyCache::keep(std::string name, Entry entry) {
    make_room();
    bytes_ += entry.bytes;
    entry.stamp = database_.stamp();
    entries_.push_front(std::move(entry));
    by_name_.emplace(std::move(name), entries_.begin());
    return entries_.front();
}

SenderKeyCache::Entry* SenderKeyCache::find(std::string_view group, const Address& sender) {
    std::string name = name_of(group, sender);
    if (Entry* entry = cached(name)) {
        return entry;
    }
    const store::RowKey key = rows_.key_of(group, sender.name, sender.device);
    std::optional<Bytes> stored = rows_.load(key);
    if (!stored) {
        return nullptr;
    }
    sender_key_record* record = nullptr;
    const int result =
        sender_key_record_deserialize(&record, raw(*stored), stored->size(), context_.get());
    const std::size_t size = stored->size();
    crypto::wipe(*stored);
    if (result != SG_SUCCESS) {
        throw boost::system::system_error{make_error_code(store::StoreErrc::damaged_record)};
    }
    return &keep(std::move(name),
                 {std::string{group}, sender, key, SignalRef<sender_key_record>{record}, size, 0});
}

SenderKeyCache::Entry& SenderKeyCache::find_or_make(std::string_view group, const Address& sender) {
    if (Entry* entry = find(group, sender)) {
        return *entry;
    }
    sender_key_record* record = nullptr;
    if (sender_key_record_create(&record, context_.get()) != SG_SUCCESS) {
        throw std::bad_alloc{};
    }
    return keep(name_of(group, sender),
                {std::string{group}, sender, rows_.key_of(group, sender.name, sender.device),
                 SignalRef<sender_key_record>{record}, 0, 0});
}

std::vector<Address> SenderKeyCache::other_devices(std::string_view group,
                                                   const Address& sender) const {
    std::vector<Address> others;
    for (store::SenderKeys::Row& row : rows_.of_group_and_user(group, sender.name)) {
        crypto::wipe(row.record);
        if (row.device != sender.device) {
            others.push_back({sender.name, row.device});
        }
    }
    return others;
}

void SenderKeyCache::store(Entry& entry) {
    signal_buffer* serialised = nullptr;
    if (sender_key_record_serialize(&serialised, entry.record.get()) != SG_SUCCESS) {
        throw std::bad_alloc{}; // the only way in which writing to memory fails
    }
    const SignalBuffer bytes{serialised};
    rows_.store(entry.key, entry.group, entry.sender.name, entry.sender.device, view(bytes.get()));
    bytes_ += view(bytes.get()).size() - entry.bytes;
    entry.bytes = view(bytes.get()).size();
    entry.stamp = database_.stamp();
}

void SenderKeyCache::drop(Entry& entry) {
    if (const auto found = by_name_.find(name_of(entry.group, entry.sender));
        found != by_name_.end()) {
        remove(found->second);
    }
}

void SenderKeyCache::clear() noexcept {
    by_name_.clear();
    entries_.clear();
    bytes_ = 0;
}

void SenderKeyCache::rolled_back(std::uint64_t since) noexcept {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        const auto next = std::next(entry);
        if (entry->stamp >= since) {
            remove(entry);
        }
        entry = next;
    }
}

void SenderKeyCache::make_room() noexcept {
    while (!entries_.empty() && (entries_.size() >= max_records || bytes_ >= max_bytes)) {
        remove(std::prev(entries_.end()));
    }
}

void SenderKeyCache::remove(Entries::iterator entry) noexcept {
    bytes_ -= entry->bytes;
    std::erase_if(by_name_, [entry](const auto& named) { return named.second == entry; });
    entries_.erase(entry);
}

} // namespace vestari::signal
