#include "bridge/daemon/opening/opened.hpp"

namespace vestari::daemon {

namespace {

Result<store::SessionSecrets> take_over(event::Keys& keys) {
    auto session = crypto::SessionKey::from(keys.session_key);
    auto index = crypto::IndexKey::from(keys.index_key);
    wipe_keys(keys);
    if (!session || !index) {
        return session ? index.error() : session.error();
    }
    store::SessionSecrets secrets{keys.account_id, {}, std::move(*index)};
    secrets.session_keys.emplace(keys.session_key_version, std::move(*session));
    return secrets;
}

live::Settings settings_of(const Context& context, const config::Account& account,
                           std::vector<event::Group> groups) {
    return {.account = account.name,
            .root_key = context.endpoint.root_key,
            .version = context.version(),
            .receipts = context.config.whatsapp.receipts,
            .retry_keys_at_first = context.config.whatsapp.retry_keys_at_first,
            .spool_max_bytes = context.config.spool_max_bytes,
            .groups = std::move(groups)};
}

} // namespace

void wipe_keys(event::Keys& keys) noexcept {
    crypto::wipe(keys.session_key);
    crypto::wipe(keys.index_key);
}

Result<std::unique_ptr<Opened>> Opened::open(const Context& context, const config::Account& account,
                                             event::Keys& keys, live::Observer& observer) {
    const crypto::AccountId id = keys.account_id;
    Result<store::SessionSecrets> secrets = take_over(keys);
    if (!secrets) {
        return secrets.error();
    }
    const std::filesystem::path file = context.config.session_file(account);
    Result<LeaseLock> lock = LeaseLock::take(file);
    if (!lock) {
        return lock.error();
    }
    auto database = store::SessionDatabase::open(file, std::move(*secrets));
    if (!database) {
        return database.error();
    }
    auto lease = FileLease::take(std::move(*lock), **database, keys.lease_epoch);
    if (!lease) {
        return lease.error();
    }
    std::unique_ptr<Opened> opened{new Opened{id, std::move(*database), std::move(*lease)}};
    opened->account_ = std::make_unique<live::Account>(
        settings_of(context, account, std::move(keys.groups)), *opened->database_, *opened->lease_,
        context.clock, opened->random_, observer, monotonic_now());
    return opened;
}

} // namespace vestari::daemon
