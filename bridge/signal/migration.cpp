#include "bridge/signal/migration.hpp"

#include "bridge/store/signal_records.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::signal {

namespace {

void move_sessions(store::SessionDatabase& database, std::string_view from, std::string_view to) {
    store::Sessions sessions{database};
    for (store::DeviceRecord& row : sessions.of_user(from)) {
        if (!sessions.contains(to, row.device)) {
            sessions.store(to, row.device, row.record);
        }
        crypto::wipe(row.record);
    }
    sessions.erase_user(from);
}

void move_identities(store::SessionDatabase& database, std::string_view from, std::string_view to) {
    store::Identities identities{database};
    for (const store::Identities::Row& row : identities.of_user(from)) {
        if (!identities.load(to, row.device)) {
            identities.put(to, row);
        }
    }
    identities.erase_user(from);
}

void move_sender_keys(store::SessionDatabase& database, std::string_view from,
                      std::string_view to) {
    store::SenderKeys sender_keys{database};
    for (store::SenderKeys::Row& row : sender_keys.of_user(from)) {
        const store::RowKey key = sender_keys.key_of(row.group, to, row.device);
        if (!sender_keys.load(key)) {
            sender_keys.store(key, row.group, to, row.device, row.record);
        }
        sender_keys.erase(sender_keys.key_of(row.group, from, row.device));
        crypto::wipe(row.record);
    }
}

} // namespace

void move_records(store::SessionDatabase& database, std::string_view from, std::string_view to) {
    move_sessions(database, from, to);
    move_identities(database, from, to);
    move_sender_keys(database, from, to);
}

} // namespace vestari::signal
