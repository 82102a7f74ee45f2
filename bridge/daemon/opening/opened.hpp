// What an account has once its keys are there: lease, database, state machine. For bridge/daemon only.
//
// Invariants  the lock is taken before the database is touched; members go in the opposite order.
// Threads     the account's strand.
// Errors      open: LeaseErrc, StoreErrc, CryptoErrc; exceptions of the machine's.
#pragma once

#include <memory>

#include "bridge/daemon/account/context.hpp"
#include "bridge/daemon/opening/lease.hpp"
#include "bridge/daemon/opening/seed.hpp"
#include "bridge/daemon/pipe/window.hpp"
#include "bridge/live/account.hpp"

namespace vestari::daemon {

class Opened {
public:
    // Takes the keys over and wipes them in `keys`.
    [[nodiscard]] static Result<std::unique_ptr<Opened>> open(const Context& context,
                                                              const config::Account& account,
                                                              event::Keys& keys,
                                                              live::Observer& observer);

    const crypto::AccountId& id() const noexcept { return id_; }
    store::SessionDatabase& database() noexcept { return *database_; }
    live::Account& account() noexcept { return *account_; }
    Window& window() noexcept { return window_; }
    store::Spool& spool() noexcept { return spool_; }

private:
    Opened(const crypto::AccountId& id, std::unique_ptr<store::SessionDatabase> database,
           std::unique_ptr<FileLease> lease)
        : id_{id}, database_{std::move(database)}, lease_{std::move(lease)}, window_{*database_},
          spool_{*database_} {}

    crypto::AccountId id_;
    std::unique_ptr<store::SessionDatabase> database_;
    std::unique_ptr<FileLease> lease_;
    Window window_;
    store::Spool spool_;
    SeededRandom random_;
    std::unique_ptr<live::Account> account_;
};

void wipe_keys(event::Keys& keys) noexcept;

} // namespace vestari::daemon
